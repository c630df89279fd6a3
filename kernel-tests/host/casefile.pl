# SPDX-License-Identifier: GPL-2.0-only
# For kernel-tests/denials: reads case files, and writes a case in which a denied step is allowed.
# README describes the files; guest-run has read them before, so they have no mistakes.
use strict;
use warnings;

my %HEAD = map { $_ => 1 } qw(topo need use each);
my %BELOW = map { $_ => 1 } qw(in out out~ err err~ avc avc+ log);

# What a file has: the text of its setups, its cases, and the steps of both by their lines.
sub read_cases {
	my ($path) = @_;
	my %file = (setups => '', cases => [], steps => {});
	my ($block, $in_setup);

	open my $in, '<', $path or die "$path: $!\n";
	while (my $line = <$in>) {
		chomp $line;
		next if $line !~ /^\s*([^\s#]\S*)\s*(.*)$/;
		my ($word, $rest) = ($1, $2);
		if ($word eq 'case' || $word eq 'setup') {
			$in_setup = $word eq 'setup';
			$block = { name => $rest, line => $., head => [], steps => [] };
			$in_setup ? ($file{setup}{$rest} = $block) : push @{$file{cases}}, $block;
		} elsif ($HEAD{$word}) {
			push @{$block->{head}}, [$word, $rest];
		} elsif ($BELOW{$word}) {
			push @{$block->{steps}[-1]{below}}, [$word, $rest];
		} else {
			my $step = { line => $., kind => $word, text => $rest, below => [] };
			push @{$block->{steps}}, $step;
			$file{steps}{$.} = [$block, $step];
		}
		$file{setups} .= "$line\n" if $in_setup;
	}
	close $in;
	return \%file;
}

sub head_of {
	my ($case, $word) = @_;

	return map { $_->[1] } grep { $_->[0] eq $word } @{$case->{head}};
}

# The keys of "each", with the values that the name of the test has behind that of the case.
sub axes_of {
	my ($case, $name) = @_;
	my @keys = map { /([^\s=]+)=/g } head_of($case, 'each');
	my ($values) = substr($name, length $case->{name}) =~ /^ \((.*)\)$/;
	my @values = defined $values ? split(/, /, $values) : ();

	s/^IPv// for @values;
	@keys == @values or die "$name: the values of \"each\" cannot be told\n";
	return map { [$keys[$_], $values[$_]] } 0 .. $#keys;
}

# The steps before one, from the setup on.
sub steps_before {
	my ($file, $case, $step) = @_;
	my ($use) = head_of($case, 'use');
	my @steps = $use ? @{$file->{setup}{$use}{steps}} : ();

	return (@steps, grep { $_->{line} < $step->{line} } @{$case->{steps}});
}

sub step_text {
	my ($step) = @_;

	return join '', map { sprintf "%-5s %s\n", @$_ } [@$step{qw(kind text)}],
		@{$step->{below}};
}

# The step without its denial: it succeeds, and leaves no record. What it printed was the refusal.
sub step_allowed {
	my ($step) = @_;
	my $text = $step->{text};

	if ($step->{kind} =~ /^(run|fail)$/) {
		$text =~ s/^\S+\s+// if $step->{kind} eq 'fail';
		# what a program says then may be anything
		my @input = grep { $_->[0] eq 'in' } @{$step->{below}};
		return step_text({ kind => 'run', text => $text, below => \@input });
	}
	$step->{kind} eq 'talk' && $text =~ s/= \w+$/= ok/
		or die "nobody knows how \"$step->{kind}\" looks if it works\n";
	return "talk  $text\n";
}

# The protocol that the packets of a talk have in a plan: "mptcp/443" sends tcp.
sub packets_of {
	my ($proto) = @_;

	return $proto =~ s/\/.*//r =~ s/^(?:ftp-.*|mptcp)$/tcp/r =~ s/-mapped$//r;
}

# A conversation that works. A later step with its port is about what is left of it.
sub step_is_quiet {
	my ($step) = @_;

	return $step->{kind} eq 'talk' && $step->{text} =~ /= ok$/ && !@{$step->{below}};
}

# The case up to the step, and more text before it.
sub case_allowed {
	my ($denied, $before) = @_;
	my $case = $denied->{case};
	my $text = "case  $denied->{place}\n";

	$text .= 'each  ' . join(' ', map { "$_->[0]=$_->[1]" } @{$denied->{axes}}) . "\n"
		if @{$denied->{axes}};
	$text .= sprintf("%-5s %s\n", @$_) for grep { $_->[0] ne 'each' } @{$case->{head}};
	for (@{$case->{steps}}) {
		last if $_->{line} == $denied->{step}{line};
		$text .= step_text($_) if $_->{kind} =~ /^(run|policy|netlabel|sysctl|undo)$/ ||
			$denied->{step}{text} =~ /\$SPORT/ && step_is_quiet($_);
	}
	return $text . $before . step_allowed($denied->{step}) . "\n";
}

1;
