# SPDX-License-Identifier: GPL-2.0-only
# Prints what others make of the ports of a plan without conditions, by the variable form:
#   iptables, nft   a rule for each port of each side. A new packet meets all of them (in nft every
#                   packet does), and the last match counts; then the label is saved. This is how
#                   refpolicy generates rules.
#   map             what you would write by hand for nft: restore first, and a hash map of each side
# None of them tells the two ends of a flow over loopback apart.

function context(type)
{
	return "system_u:object_r:" type ":s0"
}

$1 == "default" { dflt[$2] = $3; declared[$3]; next }

($1 == "server" || $1 == "client") && ($3 == "tcp" || $3 == "udp") {
	declared[$2]
	n = split($4, ports, ",")
	for (i = 1; i <= n; i++) {
		side[++rows] = $1
		type[rows] = $2
		proto[rows] = $3
		port[rows] = ports[i]
	}
}

function iptables_side(name, chain,    i, range)
{
	printf "-A selinux_new_%s -j SECMARK --selctx %s\n", chain, context(dflt[name])
	for (i = rows; i; i--) {
		if (side[i] != name)
			continue
		range = port[i]
		sub(/-/, ":", range)
		printf "-A selinux_new_%s -p %s --dport %s -j SECMARK --selctx %s\n", chain,
			proto[i], range, context(type[i])
	}
	printf "-A selinux_new_%s -j CONNSECMARK --save\n-A selinux_new_%s -j RETURN\n", chain,
		chain
}

function iptables(    i, hook, chain)
{
	print "*security"
	split("INPUT OUTPUT", hook)
	split("input output", chain)
	for (i = 1; i <= 2; i++)
		printf ":selinux_%s - [0:0]\n:selinux_new_%s - [0:0]\n", chain[i], chain[i]
	for (i = 1; i <= 2; i++) {
		printf "-A %s -j selinux_%s\n", hook[i], chain[i]
		printf "-A selinux_%s -m state --state NEW -j selinux_new_%s\n", chain[i], chain[i]
		printf "-A selinux_%s -m state --state RELATED,ESTABLISHED ", chain[i]
		print "-j CONNSECMARK --restore"
	}
	iptables_side("server", "input")
	iptables_side("client", "output")
	print "COMMIT"
}

function nft_side(name,    i)
{
	printf "\t\tct state new meta secmark set \"%s\"\n", dflt[name]
	for (i = rows; i; i--)
		if (side[i] == name)
			printf "\t\tct state new %s dport %s meta secmark set \"%s\"\n", proto[i],
				port[i], type[i]
	print "\t\tct state new ct secmark set meta secmark"
	print "\t\tct state established,related meta secmark set ct secmark"
}

function map_rules(name)
{
	print "\t\tct state != new meta secmark set ct secmark accept"
	printf "\t\tmeta secmark set meta l4proto . th dport map @%s ", name
	print "ct secmark set meta secmark accept"
	printf "\t\tmeta secmark set \"%s\" ct secmark set meta secmark\n", dflt[name]
}

function map(name,    i, range, n, p, key, seen)
{
	printf "\tmap %s {\n\t\ttype inet_proto . inet_service : secmark\n\t\telements = {\n", name
	for (i = 1; i <= rows; i++) {
		n = split(port[i], range, "-")
		for (p = range[1] + 0; side[i] == name && p <= range[n] + 0; p++) {
			key = proto[i] " . " p
			if (!(key in seen))
				printf "\t\t\t%s : \"%s\",\n", key, type[i]
			seen[key]
		}
	}
	print "\t\t}\n\t}"
}

function nft(    i, name, hook)
{
	print "table inet bench {"
	for (name in declared)
		printf "\tsecmark %s { \"%s\" }\n", name, context(name)
	split("server client", name_of)
	split("input output", hook)
	for (i = 1; i <= 2; i++) {
		if (form == "map")
			map(name_of[i])
		printf "\tchain %s {\n\t\ttype filter hook %s priority 50\n", hook[i], hook[i]
		if (form == "map")
			map_rules(name_of[i])
		else
			nft_side(name_of[i])
		print "\t}"
	}
	print "}"
}

END {
	if (form == "iptables")
		iptables()
	else
		nft()
}
