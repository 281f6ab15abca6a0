namespace Bitacora.Cql.Cluster;

/// <summary>The one place that knows which failures pass by themselves, and which requests may be sent again.</summary>
internal static class RetryRules
{
    /// <summary>A request is sent at most so often, whatever its deadline allows.</summary>
    public const int MaxAttempts = 3;

    public static bool IsTransient(CqlException error) => error switch
    {
        CqlServerException server => IsTransient(server.Code),
        CqlTimeoutException or CqlConnectionException => true,
        CqlAllNodesFailedException all => all.Causes.All(IsTransient),
        _ => false,
    };

    /// <summary>Whether another node may be asked: nothing was done, or doing it twice is the same as once.</summary>
    public static bool MayRetry(CqlException error, bool wasSent, bool isIdempotent) => error switch
    {
        CqlServerException server => WasNotExecuted(server.Code) || IsRead(server.Code) || (isIdempotent && IsTransient(server.Code)) ||
            (isIdempotent && server.Code == CqlErrorCode.ServerError),
        CqlConnectionException or CqlProtocolException => !wasSent || isIdempotent,
        _ => false,
    };

    private static bool WasNotExecuted(CqlErrorCode code) =>
        code is CqlErrorCode.Unavailable or CqlErrorCode.Overloaded or CqlErrorCode.Bootstrapping;

    // Only a read times out so, whatever the caller said of the request; too many tombstones (a failure) stay too many.
    private static bool IsRead(CqlErrorCode code) => code is CqlErrorCode.ReadTimeout;

    private static bool IsTransient(CqlErrorCode code) => WasNotExecuted(code) || code is CqlErrorCode.ReadTimeout or
        CqlErrorCode.WriteTimeout or CqlErrorCode.WriteFailure or CqlErrorCode.CdcWriteFailure or CqlErrorCode.CasWriteUnknown or
        CqlErrorCode.Truncate or CqlErrorCode.Unprepared;
}
