# SPDX-License-Identifier: GPL-2.0-only
# Reads policy modules in CIL, and prints a policy that has the names that they use and do not
# declare: types, attributes, roles, booleans, and classes with permissions.
use strict;
use warnings;

my (%is, %perms, %has);

# The text as nested lists. A string keeps its quotes.
sub parse {
	my ($text) = @_;
	my @stack = ([]);

	$text =~ s/^((?:[^";\n]|"[^"\n]*")*);.*$/$1/mg;
	while ($text =~ /("[^"]*"|[()]|[^\s()"]+)/g) {
		if ($1 eq '(') {
			push @stack, [];
		} elsif ($1 eq ')') {
			my $list = pop @stack;
			push @{$stack[-1]}, $list;
		} else {
			push @{$stack[-1]}, $1;
		}
	}
	return @{$stack[0]};
}

sub flat {
	return map { ref $_ ? flat(@$_) : $_ } @_;
}

# A name that is a parameter of the macro is none.
sub need {
	my ($kind, $params, @names) = @_;

	for (@names) {
		next if /^(and|or|not|xor|all|eq|neq|self)$/ || $params->{$_};
		$is{$_} = $kind if !$is{$_} || $kind =~ /attribute$/;
	}
}

sub rules {
	my ($params, @lists) = @_;

	for my $list (@lists) {
		next if !ref $list || !@$list || ref $list->[0];
		my ($word, @rest) = @$list;
		if ($word =~ /^(allow|auditallow|dontaudit|neverallow)$/) {
			need('type', $params, @rest[0, 1]);
			my ($class, $perms) = @{$rest[2]};
			$perms{$class}{$_} = 1 for flat($perms);
		} elsif ($word eq 'typetransition') {
			need('type', $params, @rest[0, 1, -1]);
			$perms{$rest[2]}{transition} = 1;
		} elsif ($word eq 'typeattributeset') {
			need('typeattribute', $params, $rest[0]) if $rest[0] ne 'cil_gen_require';
			need('type', $params, flat($rest[1]));
		} elsif ($word eq 'roleattributeset') {
			need('roleattribute', $params, $rest[0]) if $rest[0] ne 'cil_gen_require';
			need('role', $params, flat($rest[1]));
		} elsif ($word eq 'roletype') {
			need('role', $params, $rest[0]);
			need('type', $params, $rest[1]);
		} elsif ($word eq 'call') {
			need('type', $params, flat($rest[1]));
		} elsif ($word eq 'macro') {
			rules({ map { $_->[1] => 1 } @{$rest[1]} }, @rest[2 .. $#rest]);
		} elsif ($word eq 'booleanif') {
			need('boolean', $params, flat($rest[0]));
			rules($params, @rest[1 .. $#rest]);
		} elsif ($word =~ /^(optional|true|false)$/) {
			rules($params, @rest);
		} elsif ($word =~ /^(type|typeattribute|boolean|role|roleattribute)$/) {
			$has{$rest[0]} = 1;
		}
	}
}

local $/;
rules({}, parse(<>));
# a policy of modules has these two
print "(typeattribute cil_gen_require)\n(roleattribute cil_gen_require)\n";
print "(handleunknown allow)\n(mls true)\n(user system_u)\n(user u)\n(role object_r)\n(role r)\n";
print "(type t)\n(roletype r t)\n(userrole system_u object_r)\n(userrole u r)\n";
print "(sensitivity s0)\n(sensitivityorder (s0))\n(category c0)\n(categoryorder (c0))\n";
print "(sensitivitycategory s0 (c0))\n(userlevel u (s0))\n(userrange u ((s0) (s0)))\n";
print "(userlevel system_u (s0))\n(userrange system_u ((s0) (s0)))\n";
print "(sid kernel)\n(sidorder (kernel))\n(sidcontext kernel (u r t ((s0) (s0))))\n";
print "(class $_ (", join(' ', sort keys %{$perms{$_}}), "))\n" for sort keys %perms;
print "(classorder (", join(' ', sort keys %perms), "))\n";
for (sort grep { !$has{$_} && !/^(object_r|r|t)$/ } keys %is) {
	print $is{$_} eq 'boolean' ? "(boolean $_ false)\n" : "($is{$_} $_)\n";
	print "(typeattributeset $_ (t))\n" if $is{$_} eq 'typeattribute';
}
