# SPDX-License-Identifier: GPL-2.0-only
# The report of bench/packets. Reads "BOOT FILE BACKEND KIND INSTRUCTIONS", "BOOT FILE BACKEND skip
# REASON", "BOOT kernel RELEASE" and "BOOT iptables VERSION". Variables: json and limits, files;
# boots, their number; kind_names; table, which of tables.awk.

BEGIN {
	n_kinds = split(kind_names, kinds)
	for (k = 1; k <= n_kinds; k++)
		is_kind[kinds[k]] = 1
}

$2 == "kernel" { kernel = $3; next }
$2 == "iptables" { iptables = $3; next }

# The file 3-stock-recipe.iptables holds the rule set stock-recipe.
function set_of(file,    set)
{
	set = file
	sub(/^[0-9]+-/, "", set)
	sub(/[.][^.]*$/, "", set)
	number[set] = file + 0
	return set
}

$4 == "skip" {
	reason = $0
	sub(/^.* skip /, "", reason)
	skipped[set_of($2), $3] = reason
	next
}

NF == 5 && ($4 in is_kind) && $5 > 0 {
	figure[$1, set_of($2), $3, $4] = $5
	seen[$3] = 1
	next
}

{ print "# " $0 }

# The keys of an array, by value and then by name. Returns how many.
function ordered(from, to,    i, j, n, key, swap)
{
	n = 0
	for (key in from)
		to[++n] = key
	for (i = 1; i <= n; i++)
		for (j = i + 1; j <= n; j++)
			if (from[to[j]] < from[to[i]] ||
			    (from[to[j]] == from[to[i]] && to[j] < to[i])) {
				swap = to[i]; to[i] = to[j]; to[j] = swap
			}
	return n
}

function measured(set, backend, kind,    b)
{
	for (b = 1; b <= boots; b++)
		if (!((b, set, backend, kind) in figure))
			return 0
	return 1
}

# What one boot says that a rule set costs over the first one of its backend; all of it where that
# costs nothing.
function over_of(boot, set, backend, kind)
{
	if (!((boot, sets[1], backend, kind) in figure))
		return figure[boot, set, backend, kind]
	return figure[boot, set, backend, kind] - figure[boot, sets[1], backend, kind]
}

function mean_over(set, backend, kind,    b, sum)
{
	for (b = 1; b <= boots; b++)
		sum += over_of(b, set, backend, kind)
	return sum / boots
}

function mean(set, backend, kind,    b, sum)
{
	for (b = 1; b <= boots; b++)
		sum += figure[b, set, backend, kind]
	return sum / boots
}

function json_kind(set, backend, kind,    b, text)
{
	text = sprintf(", \"%s\": {\"instructions\": %.1f, \"over_first\": %.1f, \"boots\": [",
		kind, mean(set, backend, kind), mean_over(set, backend, kind))
	for (b = 1; b <= boots; b++)
		text = text sprintf("%s%.1f", b > 1 ? ", " : "", figure[b, set, backend, kind])
	return text "]}"
}

function json_write(    s, b, k, comma)
{
	printf "{\"kernel\": \"%s\", \"iptables\": \"%s\", \"rule_sets\": [", kernel,
		iptables > json
	for (s = 1; s <= n_sets; s++)
		for (b = 1; b <= n_backends; b++) {
			if (!measured(sets[s], backends[b], kinds[1]) &&
			    !((sets[s], backends[b]) in skipped))
				continue
			printf "%s\n  {\"rule_set\": \"%s\", \"backend\": \"%s\"", comma,
				sets[s], backends[b] > json
			for (k = 1; k <= n_kinds; k++)
				if (measured(sets[s], backends[b], kinds[k]))
					printf "%s", json_kind(sets[s], backends[b],
						kinds[k]) > json
			if ((sets[s], backends[b]) in skipped)
				printf ", \"skipped\": \"%s\"", skipped[sets[s], backends[b]] > json
			printf "}" > json
			comma = ","
		}
	print "\n]}" > json
	close(json)
}

function tap(good, name)
{
	bad += !good
	printf "%sok %d - %s\n", good ? "" : "not ", ++tests, name
}

function tap_limit(word, n,    have, least, most, name)
{
	least = word[6]
	most = word[7]
	name = sprintf("%s, %s: %s costs ", word[3], word[4], word[5])
	if (!measured(word[5], word[3], word[4])) {
		if ((word[5], word[3]) in skipped)
			printf "ok %d - %swhat it may # SKIP %s\n", ++tests, name,
				skipped[word[5], word[3]]
		else
			tap(0, name "what it may: it was not measured")
		return
	}
	have = mean_over(word[5], word[3], word[4])
	name = name sprintf(measured(sets[1], word[3], word[4]) ? "%.0f over %s, " : "%.0f, ",
		have, sets[1])
	if (n > 7) {
		name = name sprintf("at most %s of %s (%.0f)", most, word[8],
			mean_over(word[8], word[3], word[4]))
		most = most / 100 * mean_over(word[8], word[3], word[4])
	} else {
		name = name (least ? "as known: " least " to " most : "at most " most)
	}
	tap(have >= least && have <= most, name)
}

# How far apart two boots are, in percent of what they count over the first rule set, or of all if
# it is the first.
function distance(one, other,    off)
{
	off = one > other ? one - other : other - one
	return one ? 100 * off / (one > 0 ? one : -one) : 100 * (off > 0)
}

function tap_agree(kind, most,    s, b, i, off, worst, where)
{
	for (s = 1; s <= n_sets; s++)
		for (b = 1; b <= n_backends; b++)
			for (i = 2; i <= boots && measured(sets[s], backends[b], kind); i++) {
				if (s == 1)
					off = distance(figure[1, sets[s], backends[b], kind],
						figure[i, sets[s], backends[b], kind])
				else
					off = distance(over_of(1, sets[s], backends[b], kind),
						over_of(i, sets[s], backends[b], kind))
				if (off >= worst) {
					worst = off
					where = sets[s] ", " backends[b]
				}
			}
	tap(where != "" && worst <= most + 0,
		sprintf("%s: %d boots agree to %s (worst: %.2f%%, %s)", kind, boots, most,
			worst, where))
}

# Is a line of limits for this kernel and this iptables?
function is_of(release, version)
{
	return (release == "*" || index(kernel, release) == 1) &&
	       (version == "*" || version == iptables)
}

function tap_limits(    line, word, n)
{
	while ((getline line < limits) > 0) {
		n = split(line, word)
		if (!n || line ~ /^#/ || !is_of(word[1], word[2]))
			continue
		if (word[3] == "agree")
			tap_agree(word[4], word[5])
		else
			tap_limit(word, n)
	}
}

END {
	n_sets = ordered(number, sets)
	n_backends = ordered(seen, backends)
	if (table == "rows")
		table_of_rows()
	else
		table_of_columns()
	json_write()
	tap_limits()
	if (!tests)
		tap(0, sprintf("there are limits for kernel %s and iptables %s", kernel,
			iptables))
	print "1.." tests
	exit bad > 0
}
