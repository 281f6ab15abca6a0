namespace Bitacora.Delivery.Forwarding;

/// <summary>Records that were left in the log and cannot be read back.</summary>
/// <param name="Live">Those that came to this process.</param>
/// <param name="Recovered">Those that this process found.</param>
internal readonly record struct LostRecords(long Live, long Recovered)
{
    public long Total => Live + Recovered;
}
