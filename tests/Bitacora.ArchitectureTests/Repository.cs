using System.Text.RegularExpressions;

namespace Bitacora.ArchitectureTests;

/// <summary>The working copy that these tests were built from, as text.</summary>
internal static partial class Repository
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Source { get; } = Read("src");

    public static IReadOnlyList<SourceFile> Tests { get; } = Read("tests");

    public static IReadOnlyList<SourceFile> Benchmarks { get; } = Read("bench");

    public static IEnumerable<SourceFile> AllCode => Source.Concat(Tests).Concat(Benchmarks);

    /// <summary>Paths of the project files below one folder, relative to the root.</summary>
    public static IEnumerable<string> Projects(string folder) => Files(folder, "*.csproj");

    public static IEnumerable<string> Files(string folder, string pattern)
    {
        var path = Path.Combine(Root, folder);
        return Directory.Exists(path)
            ? Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
                .Where(file => !Built().IsMatch(file))
                .Order(StringComparer.Ordinal)
            : [];
    }

    public static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static bool Exists(string path) => File.Exists(Path.Combine(Root, path));

    private static SourceFile[] Read(string folder) => [.. Files(folder, "*.cs").Select(path => new SourceFile(path, Text(path)))];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Bitacora.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Bitacora.slnx above {AppContext.BaseDirectory}.");
    }

    [GeneratedRegex("(^|/)(bin|obj|TestResults|BenchmarkDotNet.Artifacts)/")]
    private static partial Regex Built();
}
