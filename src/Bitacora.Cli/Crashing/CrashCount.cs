namespace Bitacora.Cli.Crashing;

/// <summary>What a comparison found.</summary>
/// <param name="Acknowledged">Records whose acknowledgement arrived before the kill, or after it where they were sent again.</param>
/// <param name="Stored">Different records found.</param>
/// <param name="Lost">Acknowledged and not found.</param>
/// <param name="Twice">Found more often than once.</param>
internal readonly record struct CrashCount(long Acknowledged, long Stored, long Lost, long Twice)
{
    public bool IsSound => Lost == 0 && Twice == 0;

    public static CrashCount operator +(CrashCount left, CrashCount right) => new(
        left.Acknowledged + right.Acknowledged, left.Stored + right.Stored, left.Lost + right.Lost, left.Twice + right.Twice);
}
