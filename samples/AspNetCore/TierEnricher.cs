using Bitacora.Extensions.Logging;

namespace Shop.Web;

/// <summary>Adds what the shop knows of the caller: which tier, from a header.</summary>
internal sealed class TierEnricher(IHttpContextAccessor accessor) : IRecordEnricher
{
    public void Enrich(RecordEnrichment record)
    {
        if (accessor.HttpContext is { } context)
        {
            record.Add("tier", context.Request.Headers.TryGetValue("X-Tier", out var tier) ? tier.ToString() : "none");
        }
    }
}
