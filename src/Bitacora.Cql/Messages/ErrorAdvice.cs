namespace Bitacora.Cql.Messages;

/// <summary>What to change after a server's error, where its own words leave that open.</summary>
internal static class ErrorAdvice
{
    public static string? For(CqlErrorCode code, string message) => code switch
    {
        CqlErrorCode.Unavailable => "bring the missing replicas back, or ask for a lower consistency",
        CqlErrorCode.Overloaded => "send less at once, or add nodes",
        CqlErrorCode.Bootstrapping => "the node is starting: ask again later",
        CqlErrorCode.WriteTimeout or CqlErrorCode.CasWriteUnknown =>
            "it may be written all the same: write it again if that does no harm; if it happens often, the nodes have too much to do",
        CqlErrorCode.ReadTimeout => "ask again or for less; if it happens often, the nodes have too much to do",
        CqlErrorCode.ReadFailure or CqlErrorCode.WriteFailure => "the replicas' logs say why",
        CqlErrorCode.Unauthorized => $"grant the user of {nameof(CqlOptions)}.{nameof(CqlOptions.Credentials)} what is missing",
        CqlErrorCode.AlreadyExists => "drop it first, or say IF NOT EXISTS",
        CqlErrorCode.Invalid when message.Contains("Batch too large", StringComparison.Ordinal) =>
            "put the rows of each partition into a batch of its own",
        _ => null,
    };
}
