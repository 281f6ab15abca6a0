using Bitacora.Records;

namespace Bitacora.Ingestion;

/// <summary>Who numbers the lines of an input, and where its numbers begin.</summary>
/// <param name="Sender">Who sends.</param>
/// <param name="Origin">Who numbers. Its lowest bit says whether positions are line numbers or byte offsets.</param>
/// <param name="FirstPosition">
/// The first line's position: its number, or its offset in the uncompressed file. At most 2^60 − 1.
/// </param>
public readonly record struct LineOrigin(SenderId Sender, Origin Origin, ulong FirstPosition = 0);
