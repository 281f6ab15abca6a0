using Bitacora.Ingestion.Lines;

namespace Bitacora.Ingestion;

/// <summary>What became of a line: its fields are in the record, or it was refused for a reason.</summary>
public readonly record struct LineOutcome
{
    private readonly LineFault _fault;
    private readonly int _at;

    internal LineOutcome(LineFault fault, int at) => (_fault, _at) = (fault, at);

    /// <summary>The line was taken.</summary>
    public static LineOutcome Accepted => default;

    /// <summary>Whether the line was taken; if not, the record is to be discarded.</summary>
    public bool IsAccepted => _fault == LineFault.None;

    /// <summary>
    /// Why it was refused, with the place in bytes from 1; null where it was taken. The text is made when it is asked for.
    /// </summary>
    public string? Reason => IsAccepted ? null : LineFaults.Describe(_fault, _at);
}
