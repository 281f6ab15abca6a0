namespace Bitacora.Ingestion.Lines;

/// <summary>What a line is, and in which format.</summary>
/// <param name="Format">The format.</param>
/// <param name="Role">
/// <see cref="LineRole.Start"/>, <see cref="LineRole.Part"/> or, where it goes on with the record before,
/// <see cref="LineRole.Continuation"/>.
/// </param>
/// <param name="Key">Of the first two: whose record it is; 0 where lines do not stand between each other.</param>
internal readonly record struct LineClass(FormatInUse Format, LineRole Role, long Key);
