# SPDX-License-Identifier: GPL-2.0-only
# The tables of bench/packets, which packets.awk has the figures for.

function cell(set, backend, kind)
{
	if (!measured(set, backend, kind))
		return "-"
	if (set == sets[1])
		return sprintf("%.0f", mean(set, backend, kind))
	return sprintf("%+.0f", mean_over(set, backend, kind))
}

function table_of_columns(    s, b, k)
{
	printf "%-20s", ""
	for (b = 1; b <= n_backends; b++)
		printf "  %22s", backends[b]
	printf "\n%-20s", ""
	for (b = 1; b <= n_backends; b++)
		printf "  %12s%10s", kinds[1], kinds[2]
	printf "\n"
	for (s = 1; s <= n_sets; s++) {
		printf "%-20s", sets[s]
		for (b = 1; b <= n_backends; b++)
			for (k = 1; k <= n_kinds; k++)
				printf k == 1 ? "  %12s" : "%10s",
					cell(sets[s], backends[b], kinds[k])
		printf "\n"
	}
	printf "Instructions per packet on %s, iptables %s; from the second row on, over the first.\n",
		kernel, iptables
}

# Instructions for loading rules are counted in millions.
function row_cell(set, backend, kind)
{
	if (measured(set, backend, kind) && !measured(sets[1], backend, kind))
		return sprintf("%.1f M", mean(set, backend, kind) / 1e6)
	return cell(set, backend, kind)
}

function table_of_rows(    s, b, k)
{
	printf "%-40s", ""
	for (k = 1; k <= n_kinds; k++)
		printf "%12s", kinds[k]
	printf "\n"
	for (b = 1; b <= n_backends; b++)
		for (s = 1; s <= n_sets; s++) {
			if (!measured(sets[s], backends[b], kinds[1]))
				continue
			printf "%-40s", backends[b] ", " sets[s]
			for (k = 1; k <= n_kinds; k++)
				printf "%12s", row_cell(sets[s], backends[b], kinds[k])
			printf "\n"
		}
	printf "Instructions per packet on %s, iptables %s, of each backend over those of the ",
		kernel, iptables
	print "first line; M: to load the rules."
}
