namespace Bitacora.Cli.Doctor;

/// <summary>What one look found.</summary>
/// <param name="Subject">What was looked at.</param>
/// <param name="State">How it is.</param>
/// <param name="Text">What was seen.</param>
/// <param name="Advice">What to do; null where there is nothing to do.</param>
internal sealed record Finding(string Subject, FindingState State, string Text, string? Advice = null);
