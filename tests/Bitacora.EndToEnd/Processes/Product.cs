namespace Bitacora.EndToEnd.Processes;

/// <summary>Where the built product lies.</summary>
internal static class Product
{
    /// <summary>The root of the checkout.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The built executable (Release, as everywhere).</summary>
    public static string Executable { get; } = Path.Combine(Root, "src", "Bitacora.Cli", "bin", "Release", "net10.0", "bitacora");

    /// <summary>A built program among the samples.</summary>
    public static string Sample(string folder, string name) =>
        Path.Combine(Root, "samples", folder, "bin", "Release", "net10.0", name);

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "Bitacora.slnx")))
        {
            directory = directory.Parent;
        }

        return directory.FullName;
    }
}
