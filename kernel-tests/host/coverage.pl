# SPDX-License-Identifier: GPL-2.0-only
# For run --coverage: coverage.pl FOLDER prints the page COVERAGE of a folder with coverage.rows and
# case files. Exits with 1, and prints a line for each case that names a row that does not exist.
use strict;
use warnings;

use File::Find;

my ($folder) = @ARGV;
my (@rows, %row, @wrong);

# A line that begins with an ID begins a row or a part; the others go on with it.
sub read_rows {
	my $path = "$folder/coverage.rows";

	open my $in, '<', $path or die "$path: $!\n";
	while (<$in>) {
		next if /^#|^$/;
		if (/^([A-Z])(\d*)\s+(.*)/) {
			push @rows, { id => "$1$2", part => $2 eq '' && $3, text => $_, cases => {} };
			$row{"$1$2"} = $rows[-1] if $2 ne '';
		} elsif (/^\s+out of scope/ && @rows) {
			$rows[-1]{out} = s/^\s+|\s+$//gr;
		} elsif (/^\s+\S/ && @rows) {
			$rows[-1]{text} .= $_;
		} else {
			push @wrong, "$path:$.: expected an ID, or blanks and more of a row";
		}
	}
	close $in;
}

# "# covers: ID..." is for the next case of the file.
sub read_cases {
	my ($path) = @_;
	my $name = $path =~ s/^\Q$folder\E\/(cases\/)?//r =~ s/\.cases$//r;
	my @ids;

	open my $in, '<', $path or die "$path: $!\n";
	while (<$in>) {
		if (/^# covers: (.*)/) {
			push @wrong, "$path:$.: no case behind the line \"# covers\" before" if @ids;
			@ids = split ' ', $1;
			push @wrong, map { "$path:$.: no row of coverage.rows: '$_'" }
				grep { !$row{$_} } @ids;
			push @wrong, map { "$path:$.: the row is out of scope: '$_'" }
				grep { $row{$_} && $row{$_}{out} } @ids;
		} elsif (/^case\s/) {
			$row{$_}{cases}{$name}++ for grep { $row{$_} } @ids;
			@ids = ();
		}
	}
	push @wrong, "$path:$.: no case behind the last line \"# covers\"" if @ids;
	close $in;
}

# "         FILE N, FILE N" in lines of at most 100 columns.
sub cases_text {
	my ($row) = @_;
	my @words = map { "$_ $row->{cases}{$_}" } sort keys %{$row->{cases}};
	my @lines = (' ' x 9 . (@words ? shift @words : $row->{out} // 'NO CASE'));

	for (@words) {
		if (length("$lines[-1], $_") < 100) {
			$lines[-1] .= ", $_";
		} else {
			$lines[-1] .= ',';
			push @lines, ' ' x 9 . $_;
		}
	}
	return join '', map { "$_\n" } @lines;
}

sub print_row {
	my ($row) = @_;

	if ($row->{part}) {
		print "\n\n$row->{part}\n", '-' x length $row->{part}, "\n\n";
	} else {
		print $row->{text}, cases_text($row);
	}
}

read_rows();
find({ no_chdir => 1, wanted => sub { read_cases($_) if /\.cases$/ } }, $folder);
if (@wrong) {
	print STDERR map { "$_\n" } sort @wrong;
	exit 1;
}
print <<'END';
Which cases test which check of SELinux

"kernel-tests/run --coverage" makes this page of coverage.rows and of the cases. Each row is a
permission that the kernel asks for, or a label that it gives, with the functions that do it. The
last line of a row has the files of its cases, and the number of cases in each: "packet/icmp 3" are
three cases of cases/packet/icmp.cases, each with all its values of "each". "NO CASE": nothing tests
it yet. Cases of faults/ run only if somebody names them.
END
print_row($_) for @rows;
