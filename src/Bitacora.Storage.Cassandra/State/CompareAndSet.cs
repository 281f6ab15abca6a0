using Bitacora.Cql;

namespace Bitacora.Storage.Cassandra.State;

/// <summary>How lightweight transactions are executed, and which of their failures leave open whether they were.</summary>
internal static class CompareAndSet
{
    /// <summary>How often a change is tried while the cluster cannot say whether it was made.</summary>
    public const int Attempts = 3;

    /// <summary>Not repeated by the client: a second attempt would be refused because of the first.</summary>
    public static CqlRequestOptions Change { get; } = new()
    {
        Consistency = Consistency.LocalQuorum,
        SerialConsistency = Consistency.LocalSerial,
    };

    /// <summary>Sees every change that was decided, and completes one that was left half made.</summary>
    public static CqlRequestOptions Read { get; } = new() { Consistency = Consistency.LocalSerial, IsIdempotent = true };

    /// <summary>Whether a change that failed so may have been made.</summary>
    public static bool MayHaveChanged(CqlException fault) => fault switch
    {
        CqlServerException server => server.Code is CqlErrorCode.CasWriteUnknown or CqlErrorCode.WriteTimeout or
            CqlErrorCode.WriteFailure or CqlErrorCode.ServerError,
        CqlTimeoutException timeout => timeout.WasSent,
        CqlConnectionException or CqlProtocolException => true,
        CqlAllNodesFailedException all => all.Causes.Any(MayHaveChanged),
        _ => false,
    };
}
