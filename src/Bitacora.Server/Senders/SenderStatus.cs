namespace Bitacora.Server.Senders;

/// <summary>A sender at one moment.</summary>
internal sealed record SenderStatus
{
    public required string Name { get; init; }

    /// <summary>The name of the key that it shows.</summary>
    public required string? Key { get; init; }

    public required string? Host { get; init; }

    public required long? Process { get; init; }

    public required string Client { get; init; }

    public required string Address { get; init; }

    /// <summary>What it said last; null for one that says nothing of itself.</summary>
    public required SenderHeader? Header { get; init; }

    public required long Requests { get; init; }

    /// <summary>Records that the server took from it, repeats too.</summary>
    public required long Records { get; init; }

    /// <summary>Records of it that the server could not read.</summary>
    public required long Rejected { get; init; }

    public required DateTimeOffset FirstSeen { get; init; }

    public required DateTimeOffset LastSeen { get; init; }

    public required SenderState State { get; init; }
}
