namespace Bitacora.Cli.Demo;

/// <summary>The searches that the demo proposes: each asks what the one before makes one ask.</summary>
internal static class DemoSearches
{
    /// <summary>The request that the third one follows.</summary>
    public const string Request = "b17ac04a-0e1e";

    public static IReadOnlyList<(string Question, string Query)> All { get; } =
    [
        ("When did it go wrong, and where?", "level>=ERROR | count by time(1h), source | sort -count | limit 4"),
        ("What had changed just before?", "source:payments \"now running version\""),
        ("What happened to one customer?", $"request_id:{Request}"),
    ];
}
