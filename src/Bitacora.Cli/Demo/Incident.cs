namespace Bitacora.Cli.Demo;

/// <summary>
/// What is to be found: in the evening, a new version of the payments service keeps its connections to the database. When none is left,
/// checkouts fail, until somebody goes back to the old version.
/// </summary>
/// <param name="Deployed">When the new version starts.</param>
internal sealed record Incident(DateTimeOffset Deployed)
{
    public const string OldVersion = "2.4.0";

    public const string NewVersion = "2.4.1";

    /// <summary>When the last connection is taken.</summary>
    public DateTimeOffset Begin => Deployed.AddMinutes(12);

    public DateTimeOffset RolledBack => Deployed.AddMinutes(57);

    /// <summary>The last 18:40 in Spain that was at least six hours ago.</summary>
    public static Incident Before(DateTimeOffset now)
    {
        var local = TimeZoneInfo.ConvertTime(now.AddHours(-6), DailyRhythm.Zone).DateTime;
        var evening = local.Date.AddHours(18).AddMinutes(40);
        evening = evening > local ? evening.AddDays(-1) : evening;
        return new Incident(new DateTimeOffset(evening, DailyRhythm.Zone.GetUtcOffset(evening)).ToUniversalTime());
    }

    /// <summary>Whether a checkout fails now: not each, for now and then a connection is given back.</summary>
    public bool Strikes(DateTimeOffset time, Chance chance) => time >= Begin && time < RolledBack && chance.Happens(0.85);
}
