namespace Bitacora.Alerting;

/// <summary>A time in which a rule is judged and remembered, and nobody is told that it fires.</summary>
/// <param name="Rule">The rule's name, or <c>*</c> for all.</param>
/// <param name="By">Who silenced it.</param>
/// <param name="Why">The reason.</param>
/// <param name="Until">When it ends.</param>
/// <param name="Made">When it was made.</param>
public sealed record Silence(string Rule, string By, string Why, DateTimeOffset Until, DateTimeOffset Made)
{
    /// <summary>The rule's name that stands for all rules.</summary>
    public const string All = "*";

    /// <summary>Whether it silences a rule at a time.</summary>
    public bool Covers(string rule, DateTimeOffset now) => now < Until && (Rule == All || Rule == rule);
}
