// SPDX-License-Identifier: GPL-2.0-only
#include "nft/listing.h"

#include <errno.h>
#include <string.h>

#include <nftables/libnftables.h>

#include "base/err.h"
#include "util/alloc.h"

static int listing_failed(const char *said, struct err *err)
{
	const char *what = strstr(said, "Error: ");
	int code = strstr(said, strerror(EPERM)) ? -EPERM : -EIO;

	what = what ? what + strlen("Error: ") : *said ? said : "libnftables does not start";
	return err_set(err, code, "nft: %.*s", (int)strcspn(what, "\n"), what);
}

int nft_listing_read(char **text, struct err *err)
{
	struct nft_ctx *nft = nft_ctx_new(NFT_CTX_DEFAULT);
	const char *out;
	int ret = 0;

	*text = NULL;
	if (!nft || nft_ctx_buffer_output(nft) || nft_ctx_buffer_error(nft)) {
		ret = listing_failed("", err);
	} else {
		nft_ctx_output_set_flags(nft, NFT_CTX_OUTPUT_JSON);
		if (nft_run_cmd_from_buffer(nft, "list ruleset"))
			ret = listing_failed(nft_ctx_get_error_buffer(nft), err);
	}
	if (!ret) {
		out = nft_ctx_get_output_buffer(nft);
		*text = alloc_text(out, strlen(out));
	}
	if (nft)
		nft_ctx_free(nft);
	return ret;
}
