# SPDX-License-Identifier: GPL-2.0-only
# For kernel-tests/denials: asks "secmarkctl explain", and does what it says first.
use strict;
use warnings;
use JSON::PP;

our ($SECMARKCTL, $SCRATCH, $POLICIES);

sub write_file {
	my ($path, $text) = @_;

	open my $out, '>', $path or die "$path: $!\n";
	print $out $text;
	close $out or die "$path: $!\n";
	return $path;
}

# What a program prints, which must succeed.
sub output_of {
	my ($why, @command) = @_;

	open my $pipe, '-|', @command or die "$command[0]: $!\n";
	my $text = do { local $/; <$pipe> };
	close $pipe or die "$why: @command: exit status ${\($? >> 8)}\n";
	return $text;
}

# The first port that a kernel gives to clients, unless somebody has set ip_local_port_range
# (inet_init_net(), net/ipv4/af_inet.c), and the first one that the runner gives to them.
my $KERNEL_CLIENTS = 32768;
my $RUNNER_CLIENTS = runner_constant('FIRST_SPORT');

sub runner_constant {
	my ($name) = @_;
	my $path = dirname($POLICIES) . '/guest/runner/peers.c';

	open my $in, '<', $path or die "$path: $!\n";
	my ($value) = map { /^#define $name (\d+)$/ } <$in>;
	return $value // die "$path: no $name\n";
}

# The runner's clients have ports that kernels do not give to clients. With another one, explain
# knows which end is the server.
sub with_client_port {
	my ($denied, $record) = @_;
	my @clients = grep { $_ >= $RUNNER_CLIENTS } $record =~ / (?:src|dest)=(\d+)/g;

	return $record if !@clients || grep { $_ >= $KERNEL_CLIENTS } @clients;
	my $port = $clients[0] + $KERNEL_CLIENTS - $RUNNER_CLIENTS;
	return $record =~ s/ (src|dest)=$clients[0]\b/ $1=$port/r;
}

# The command and the words of both forms are one answer.
sub ask {
	my ($denied, $record, $plan) = @_;
	my @words = ($SECMARKCTL, 'explain', '--policy', $denied->{policy});

	push @words, '--plan', write_file("$SCRATCH/plan", plan_text($plan)) if $plan;
	$record = with_client_port($denied, $record) if $denied->{usual_ports};
	push @words, write_file("$SCRATCH/record", "type=AVC msg=$record\n");
	my $json = decode_json(output_of($denied->{place}, @words, '--json'));
	my ($words) = output_of($denied->{place}, @words) =~ s/\s+/ /gr;
	for my $answer (@{$json->{answers}}) {
		for my $note (map { @{$answer->{$_}} } qw(who label why allow careful)) {
			my $text = $note->{text} =~ s/\s+/ /gr;
			index($words, $text) >= 0 or
				die "$denied->{place}: only --json says: $text\n";
		}
	}
	return $json->{answers}[0];
}

sub plan_text {
	my ($plan) = @_;

	return join '', map { "$_\n" } @{$plan->{lines}};
}

# What the policy of the cases lets a domain use: the first label that it may both send and receive.
sub label_of {
	my ($domain) = @_;

	return 'other_packet_t' if $domain eq 'kernel_t';
	for my $file (glob "$POLICIES/{domains,plans}.cil") {
		open my $in, '<', $file or die "$file: $!\n";
		while (<$in>) {
			return $1 if /^\(allow \Q$domain\E (\w+) \(packet \(send recv\)\)\)/;
		}
	}
	die "no label for $domain\n";
}

# The rule of an interface about peers, which has one or two types.
my %peer_rules = (
	kernel_recvfrom_unlabeled_peer => '(allow %s unlabeled_t (peer (recv)))',
	corenet_in_generic_if => '(allow %s netif_t (netif (ingress)))',
	corenet_out_generic_if => '(allow %s netif_t (netif (egress)))',
	corenet_in_generic_node => '(allow %s node_t (node (recvfrom)))',
	corenet_out_generic_node => '(allow %s node_t (node (sendto)))',
	corenet_all_recvfrom_netlabel => '(allow %s netlabel_peer_t (peer (recv)))',
	secmark2_recvfrom_peer => '(allow %s %s (peer (recv)))',
	secmark2_match_spd => '(allow %s %s (association (polmatch)))',
	secmark2_setcontext_spd => '(allow %s %s (association (setcontext)))',
);

# The rule of an interface of refpolicy, or of a plan's module
sub interface_rule {
	my ($call) = @_;
	my ($name, @types) = $call =~ /\w+/g;
	my %perms = (sendrecv => 'send recv', send => 'send', receive => 'recv',
		relabelto => 'relabelto', forward => 'forward_in forward_out');

	return sprintf $peer_rules{$name}, @types if $peer_rules{$name};
	return "(allow $1 unlabeled_t (association (sendto recvfrom)))"
		if $call =~ /^kernel_sendrecv_unlabeled_association\((\w+)\)$/;
	return "(allow $2 node_t (" . ($1 eq 'raw' ? 'rawip' : $1) . "_socket (node_bind)))"
		if $call =~ /^corenet_(tcp|udp|raw|sctp)_bind_generic_node\(([\w.]+)\)$/;
	return "(allow $4 $3_port_t ($1_socket (name_$2)))"
		if $call =~ /^corenet_(tcp|udp)_(bind|connect)_(\w+)_port\((\w+)\)$/;
	$call =~ /^(?:corenet|secmark2_plan)_([a-z]+)_(?:generic_)?(\w+)_packets\((\w+)\)$/ &&
		$perms{$1} or die "an unknown interface: $call\n";
	return "(allow $3 $2_packet_t (packet ($perms{$1})))";
}

# A rule as refpolicy or CIL has it, in CIL.
sub cil_rule {
	my ($rule) = @_;

	return $rule if $rule =~ /^\(allow/;
	$rule =~ /^allow (\S+) (\S+):(\w+) (?:\{ (.*) \}|(\w+));$/ or die "no rule: $rule\n";
	return "(allow $1 $2 ($3 (" . ($4 // $5) . ')))';
}

# The lines to type of a note.
sub typed {
	my ($note) = @_;

	return map { s/^ {4}//r } grep { /^ {4}/ } split /\n/, $note->{text};
}

# Lines of a plan: one that begins as the new one does is replaced, others are added.
sub plan_add {
	my ($plan, @lines) = @_;

	for my $line (grep { !/^secmarkctl / } @lines) {
		my ($old) = grep { index("$line ", "$plan->{lines}[$_] ") == 0 }
			0 .. $#{$plan->{lines}};
		if (defined $old) {
			$plan->{lines}[$old] = $line;
		} else {
			push @{$plan->{lines}}, $line;
		}
	}
	$plan->{module} = 1;
}

# A word in capitals is for the reader to fill in.
sub fill_in {
	my ($denied, $line) = @_;

	$line =~ s/\bLABEL\b/label_of($denied->{domain})/e;
	$line =~ s/\bPROTOCOL\b/$denied->{proto}/;
	return $line;
}

# Both ends of the talk get labels of their own, and nobody else's rules are there.
sub label_each_end {
	my ($denied, $plan) = @_;
	my ($client, $server) = map { label_of($_) } @{$denied->{domains}};

	plan_add($plan, "client $client $denied->{proto} $denied->{port}",
		"server $server $denied->{proto} $denied->{port}");
	$plan->{rules} = $plan->{alone} = 1;
}

# Of two lines, that of the end at which the server is.
sub which_end {
	my ($denied, @notes) = @_;
	my $side = $denied->{domain} eq $denied->{domains}[1] ? 'server' : 'client';
	my ($note) = grep { $_->{text} =~ /^ {4}$side /m } @notes;

	return $note // die "$denied->{place}: no line for the $side\n";
}

# Does what the first note says. Returns its id, or nothing if there is none.
sub follow {
	my ($denied, $plan, $answer) = @_;
	my @notes = @{$answer->{allow}};
	my $note = shift @notes or return;
	# the case has loaded it, and is about what is configured
	$note = shift @notes
		while $note->{id} =~ /^(load-rules|remove-labels|label-policy)$/ && @notes;
	# all ports of the policy of the cases have one type
	($note) = grep { $_->{id} eq 'rule' } @notes if $note->{id} eq 'port-type';
	my $id = $note->{id};

	$note = which_end($denied, @notes[0, 1]) if $id eq 'either-end';
	my @lines = map { fill_in($denied, $_) } typed($note);
	if ($id =~ /^(plan-line|allow-on-line|load-module|either-end|label-receiver)$/) {
		plan_add($plan, @lines);
		# "allow" changes the module alone
		$plan->{rules} = 1 if $id !~ /^(allow-on-line|load-module)$/;
	} elsif ($id eq 'rule') {
		push @{$denied->{rules}}, map { cil_rule($_) } @lines;
	} elsif ($id eq 'interface') {
		push @{$denied->{rules}}, map { interface_rule($_) } @lines;
	} elsif ($id eq 'restore-type') {
		$denied->{named} = 'whole';
	} elsif ($id eq 'label-below') {
		$denied->{plans}{host} = { lines => [] , command => $plan->{command} };
		plan_add($denied->{plans}{host}, @lines);
		$denied->{plans}{host}{rules} = 1;
	} elsif ($id eq 'label-each-end') {
		label_each_end($denied, $plan);
	} else {
		return;
	}
	return $id;
}

# A rule that it names is that of the record, and no wider. An interface is of the domain, the label
# and the class of the record, and has its permissions, at least.
sub judge_rules {
	my ($denied, $answer) = @_;
	my ($source, $target) = map { (split /:/, $answer->{$_})[2] } qw(source target);
	my $head = "(allow $source $target ($answer->{class} (";
	my $want = "$head$answer->{permissions})))";

	for (map { typed($_) } grep { $_->{id} eq 'rule' } @{$answer->{allow}}) {
		my $rule = cil_rule($_);
		return "the rule is $rule, and the record asks for $want" if $rule ne $want;
	}
	for my $call (map { typed($_) } grep { $_->{id} eq 'interface' } @{$answer->{allow}}) {
		my $rule = interface_rule($call);
		my %gives = map { $_ => 1 } split /[ ()]+/, substr($rule, length $head);
		return "$call is $rule, and the record asks for $want"
			if index($rule, $head) || grep { !$gives{$_} } split / /, $answer->{permissions};
	}
	return;
}

# Rules of the plan's module, which may only be about the domain of the record and labels that are
# not everybody's; and the kernel sends with types of the plan, which loaders load.
sub judge_module {
	my ($denied, $module, $plan) = @_;
	my %own = map { /^type\s+(\w+)/ ? ($1 => 1) : () } @{$plan->{lines}};

	while ($module =~ /\(allow (\S+) (\S+) \(packet \(([a-z_ ]+)\)\)\)/g) {
		my ($source, $target, $perms) = ($1, $2, $3);
		next if $perms eq 'relabelto' && ($own{$target} || $target eq 'unlabeled_t');
		next if $source eq 'kernel_t' && $own{$target} && $perms eq 'send';
		return "the module is too wide: (allow $source $target (packet ($perms)))"
			if $target eq 'unlabeled_t' || !$denied->{sources}{$source};
	}
	return;
}

1;
