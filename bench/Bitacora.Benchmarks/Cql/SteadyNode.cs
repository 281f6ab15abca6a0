using System.Diagnostics;
using System.Net;
using Bitacora.Testing.Cassandra;

namespace Bitacora.Benchmarks.Cql;

/// <summary>A fake node that answers from memory, as a process of its own on the first core; the client has the second.</summary>
internal sealed class SteadyNode : IDisposable
{
    public const string Command = "cql-node";
    public const string Select = "SELECT partition, time, id, level, source, host, message, duration FROM bench.logs WHERE partition = ?";
    public const int RowsPerPage = 5000;
    public const int Pages = 200;

    private readonly Process _process;

    private SteadyNode(Process process, string address)
    {
        _process = process;
        Address = address;
    }

    public string Address { get; }

    /// <param name="version">Of the protocol: clients of v4 get the columns with each page, those of v5 waive them.</param>
    /// <param name="rowsPerPage">Of the answer to <see cref="Select"/>.</param>
    /// <param name="pages">Of the same.</param>
    public static SteadyNode Start(int version, int rowsPerPage, int pages)
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Command, $"{version}", $"{rowsPerPage}", $"{pages}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        if (OperatingSystem.IsLinux() && Environment.ProcessorCount > 1)
        {
            process.ProcessorAffinity = 1;
        }

        return new SteadyNode(process, process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The node did not start."));
    }

    /// <summary>The other process: runs until its input ends.</summary>
    public static async Task ServeAsync(int version, int rowsPerPage, int pages)
    {
        FakeColumn[] columns =
        [
            new("partition", FakeType.Int), new("time", FakeType.Timestamp), new("id", FakeType.Uuid), new("level", FakeType.Text),
            new("source", FakeType.Text), new("host", FakeType.Text), new("message", FakeType.Text), new("duration", FakeType.Double),
        ];
        await using var node = FakeNode.Start(new FakeNodeOptions { Address = IPAddress.Loopback });
        var map = FakeType.Map(FakeType.Text, FakeType.Text);
        FakeColumn[] rich =
        [
            new("partition", FakeType.Int), new("time", FakeType.Timestamp), new("id", FakeType.Uuid), new("message", FakeType.Text),
            new("labels", map), new("attributes", map), new("numbers", map), new("resource", map),
        ];
        node.Tables["bench.rich"] = new FakeTable("bench", "rich", rich) { PartitionKey = ["partition"] };
        node.Tables["bench.logs"] = new FakeTable("bench", "logs", columns) { PartitionKey = ["partition"] };
        var message = FakeValue.Text(new string('m', 200));
        FakeValue[][] rows =
        [
            .. Enumerable.Range(0, rowsPerPage).Select(i => new[]
            {
                FakeValue.Int(1), FakeValue.BigInt(i), FakeValue.Uuid(Guid.NewGuid()), FakeValue.Text("WARNING"),
                FakeValue.Text("checkout-service"), FakeValue.Text("node-17.example.org"), message, FakeValue.Double(i),
            }),
        ];
        var page = new FakeRows(columns, rows) { Table = ("bench", "logs") };
        node.SteadyAnswers = new SteadyAnswers(
            new FakePrepared(Select).Id, [.. Enumerable.Repeat(page, pages)], withMetadata: version == 4);
        Console.WriteLine(node.EndPoint);
        await Console.In.ReadToEndAsync();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
