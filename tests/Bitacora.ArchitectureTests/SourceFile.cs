using System.Text.RegularExpressions;

namespace Bitacora.ArchitectureTests;

/// <summary>One C# file: its path from the root with '/', and its text.</summary>
internal sealed partial record SourceFile(string Path, string Text)
{
    public string[] Lines => Text.Split('\n');

    public string Stem => System.IO.Path.GetFileName(Path).Split('.')[0];

    /// <summary>Path segments below the project: one for a file at the project's root.</summary>
    public int Depth => Path.Split('/').Length - 2;

    /// <summary>The types that stand directly in the namespace: with file-scoped namespaces those declared in the first column.</summary>
    public IReadOnlyList<DeclaredType> Types { get; } =
    [
        .. Declaration().Matches(Text).Select(match => new DeclaredType(
            match.Groups["name"].Value, match.Groups["modifiers"].Value.Contains("public", StringComparison.Ordinal),
            match.Groups["modifiers"].Value.Contains("file ", StringComparison.Ordinal), match.Groups["rest"].Value,
            match.Groups["end"].Value == ";")),
    ];

    /// <summary>Lines (from 1) on which the pattern is found.</summary>
    public IEnumerable<string> Find(Regex pattern) =>
        Lines.Index().Where(line => pattern.IsMatch(line.Item)).Select(line => $"{Path}:{line.Index + 1}: {line.Item.Trim()}");

    /// <summary>The same lines, those with raw string literals emptied: what a sender wrote cannot be wrapped.</summary>
    public SourceFile WithoutRawText() => this with { Text = RawText().Replace(Text, match => new string('\n', match.Value.Count('\n'))) };

    [GeneratedRegex("^.*\"\"\"(.|\n)*?\"\"\".*$", RegexOptions.Multiline)]
    private static partial Regex RawText();

    [GeneratedRegex(
        @"^(?<modifiers>((public|internal|file|static|sealed|abstract|readonly|ref|partial|unsafe)\s)*)" +
        @"(class|struct|interface|enum|record struct|record class|record|delegate\s+[\w<>\[\]?.]+)\s+(?<name>\w+)" +
        "(?<rest>[^{;]*)(?<end>[{;])",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Declaration();
}
