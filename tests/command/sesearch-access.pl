#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# sesearch-access.pl POLICY: what sesearch(1) and seinfo(1) find out about packets, in lines
# "LABEL DOMAIN PERMISSION", sorted. Attributes are expanded, and rules under a condition count as
# the booleans stand. Constraints are not applied.
use strict;
use warnings;

my $policy = shift;
my (%types, %on, %seen, $attribute);

sub run {
	open my $out, '-|', @_ or die "$_[0]: $!";
	my @lines = <$out>;
	close $out or die "@_ failed";
	return @lines;
}

for (run('seinfo', $policy, '-a', '-x')) {
	if (/^\s+attribute (\S+);/) {
		$attribute = $1;
	} elsif (/^\t(\S+)$/) {
		$types{$attribute}{$1} = 1;
	}
}
for (run('seinfo', $policy, '-b', '-x')) {
	$on{$1} = $2 eq 'true' ? 1 : 0 if /^\s+bool (\S+) (true|false);/;
}

sub members {
	my ($name) = @_;
	return exists $types{$name} ? keys %{$types{$name}} : ($name);
}

for (run('sesearch', '-A', '-c', 'packet', $policy)) {
	next unless /^allow (\S+) (\S+):packet \{?\s*([a-z_ ]+?)\s*\}?;(?: \[ (.*) \]:(True|False))?/;
	my ($source, $target, $perms, $condition, $branch) = ($1, $2, $3, $4, $5);
	if (defined $condition) {
		$condition =~ s/([A-Za-z_][A-Za-z0-9_.]*)/$on{$1}/g;
		next unless (eval $condition ? 'True' : 'False') eq $branch;
	}
	for my $label (members($target)) {
		for my $domain (members($source)) {
			$seen{"$label $domain $_"} = 1 for split ' ', $perms;
		}
	}
}
print "$_\n" for sort keys %seen;
