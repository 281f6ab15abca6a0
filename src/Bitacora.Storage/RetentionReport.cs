namespace Bitacora.Storage;

/// <summary>What retention deleted, or would delete.</summary>
/// <param name="Files">The files, oldest first.</param>
/// <param name="Records">Records in them.</param>
/// <param name="Bytes">Bytes that are free again.</param>
/// <param name="DryRun">Whether nothing was deleted.</param>
public sealed record RetentionReport(IReadOnlyList<string> Files, long Records, long Bytes, bool DryRun);
