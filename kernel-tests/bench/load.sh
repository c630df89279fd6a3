#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Run in the guest by bench/load: instructions for loading 10,000 rules with a label, the
# stock target's and ours. Prints "kernel RELEASE", "iptables VERSION" and "VARIANT TARGET
# INSTRUCTIONS".
set -eu

RULES=10000

# With --icount a nanosecond of the guest's clock is an instruction.
clock() {
	sed -n 's/^now at \([0-9]*\) nsecs/\1/p' /proc/timer_list
}

# rules TARGET: as a hand-written rule set has them, many ports and a few labels
rules() {
	awk -v target="$1" -v n=$RULES 'BEGIN {
		split("http_server http_client ssh_server dns_client", name)
		print "*security"
		for (i = 1; i <= n; i++)
			printf "-A INPUT -p tcp --dport %d -j %s --selctx %s%s_packet_t:s0\n",
				i, target, "system_u:object_r:", name[i % 4 + 1]
		print "COMMIT"
	}'
}

echo "kernel $(uname -r)"
echo "iptables $(iptables-nft --version | sed 's/[^0-9]*//; s/ .*//')"
rules SECMARK > /tmp/SECMARK
rules SECMARK2 > /tmp/SECMARK2
printf '*security\nCOMMIT\n' > /tmp/none

# once unmeasured, so that modules and pages are there
for target in SECMARK SECMARK SECMARK2 SECMARK SECMARK2; do
	for variant in legacy nft; do
		start=$(clock)
		iptables-$variant-restore < /tmp/$target
		end=$(clock)
		[ "$(iptables-$variant-save -t security 2> /dev/null |
			grep -c -e '-j SECMARK ')" -eq $RULES ]
		iptables-$variant-restore < /tmp/none
		[ -z "${warm-}" ] || echo "$variant $target $((end - start))"
	done
	warm=1
done
