using Bitacora.Cli.Demo;
using Bitacora.Records;

namespace Bitacora.Cli.Tests.Demo;

/// <summary>A way to write the demo's records as a program does, and what of them such lines carry beside the message.</summary>
internal sealed record RenderedFormat(string Name, string Format, Func<DemoRecord, string?> Render)
{
    /// <summary>What the time is cut to; null where there is none.</summary>
    public TimeSpan? Resolution { get; init; }

    public bool HasLevel { get; init; } = true;

    public NamedField[] Fields { get; init; } = [];

    /// <summary>Of which records the duration is carried.</summary>
    public Func<DemoRecord, bool> HasDuration { get; init; } = static _ => false;

    /// <summary>Which attributes are carried.</summary>
    public Func<string, bool> HasAttribute { get; init; } = static _ => false;

    /// <summary>What is carried of a record under a name of the format's own.</summary>
    public Func<DemoRecord, IEnumerable<(string Name, AttributeValue Value)>> Also { get; init; } = static _ => [];

    public override string ToString() => Name;
}
