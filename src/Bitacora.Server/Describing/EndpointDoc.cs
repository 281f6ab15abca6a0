namespace Bitacora.Server.Describing;

/// <summary>What an endpoint says of itself in the OpenAPI document.</summary>
/// <param name="Summary">What it does, in one sentence.</param>
/// <param name="Answer">The media type of what it answers.</param>
internal sealed record EndpointDoc(string Summary, string Answer = "application/json")
{
    /// <summary>Parameters of the address, with what they mean.</summary>
    public IReadOnlyList<(string Name, string Purpose)> Query { get; init; } = [];

    /// <summary>Headers of the request, with what they mean.</summary>
    public IReadOnlyList<(string Name, string Purpose)> Headers { get; init; } = [];

    /// <summary>Media types of the body.</summary>
    public IReadOnlyList<string> Body { get; init; } = [];

    /// <summary>The status of success.</summary>
    public int Success { get; init; } = 200;

    /// <summary>The statuses of refusal, which are problem details.</summary>
    public IReadOnlyList<int> Problems { get; init; } = [];
}
