using System.Diagnostics;
using System.Runtime.InteropServices;
using Bitacora.CassandraTests.Nodes;

namespace Bitacora.CassandraTests;

/// <summary>Explicit: the sample, compiled ahead of time; needs the package of that compiler, and clang or gcc to link with.</summary>
public sealed class SampleTests(OrdinaryNode node) : IDisposable
{
    private readonly DirectoryInfo _output = Directory.CreateTempSubdirectory("round-trip-");

    public void Dispose() => _output.Delete(recursive: true);

    [Fact(Explicit = true)]
    public async Task Compiled_to_native_code_without_warnings_it_writes_and_reads_its_rows()
    {
        var contactPoint = (await node.ContactPointsAsync())[0];
        var sample = Path.Combine(Root(), "samples", "CqlRoundTrip");
        var runtime = RuntimeInformation.RuntimeIdentifier;
        var compiled = await RunAsync("dotnet", "publish", sample, "-c", "Release", "-r", runtime, "-o", _output.FullName);
        compiled.ShouldNotContain("warning");
        File.Exists(Path.Combine(_output.FullName, "Bitacora.Cql.dll")).ShouldBeFalse("it is in the program");
        (await RunAsync(Path.Combine(_output.FullName, "CqlRoundTrip"), contactPoint, "50000")).ShouldContain("found 50000 rows");
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Bitacora.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{program}:\n{await output}\n{await errors}");
        return await output;
    }
}
