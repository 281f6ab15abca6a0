namespace Bitacora.Cli.Ingesting;

/// <summary>
/// The server's time as this machine's clock shows it. Whoever freezes a batch judges times that lie ahead, and the server refuses what
/// it would have judged otherwise; so its clock is the one to judge by.
/// </summary>
internal sealed class ServerClock(TimeProvider own, TimeSpan ahead) : TimeProvider
{
    // The date of an answer has whole seconds.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    /// <summary>Sets the clock by a date that the server just sent.</summary>
    public static TimeProvider By(TimeProvider own, DateTimeOffset? server) =>
        server is { } time && (time - own.GetUtcNow()).Duration() > Tolerance ? new ServerClock(own, time - own.GetUtcNow()) : own;

    public override DateTimeOffset GetUtcNow() => own.GetUtcNow() + ahead;

    public override long GetTimestamp() => own.GetTimestamp();

    public override long TimestampFrequency => own.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => own.LocalTimeZone;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        own.CreateTimer(callback, state, dueTime, period);
}
