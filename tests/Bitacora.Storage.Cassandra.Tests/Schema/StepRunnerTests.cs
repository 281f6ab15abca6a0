using Bitacora.Cql;
using Bitacora.Storage.Cassandra.Schema;
using Bitacora.Testing.Cassandra;

namespace Bitacora.Storage.Cassandra.Tests.Schema;

/// <summary>A node that does not know in time whether it has noted the version.</summary>
public sealed class StepRunnerTests : IAsyncLifetime
{
    private const string Note = "INSERT INTO ks.state (key, version, value) VALUES ('schema', 1, 0x61) IF NOT EXISTS";

    private readonly FakeNode _node = FakeNode.Start();
    private CqlSession? _session;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _session = await CqlSession.ConnectAsync(new CqlOptions { ContactPoints = [$"{_node.EndPoint}"] });

    public async ValueTask DisposeAsync()
    {
        await _session!.DisposeAsync();
        _node.Violations.ShouldBeEmpty();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task A_version_that_was_not_noted_in_time_is_noted_again()
    {
        _node.On(Note, Rows([FakeValue.Boolean(true)], new FakeColumn("[applied]", FakeType.Boolean)));
        _node.On(Note, FakeErrors.WriteTimeout(writeType: "CAS"), times: 1);
        await RunAsync(SchemaStepKind.Version);
        Sent().ShouldBe(2);
    }

    [Fact]
    public async Task A_version_that_the_first_attempt_noted_all_the_same_is_fine()
    {
        _node.On(Note, Rows(
            [FakeValue.Boolean(false), FakeValue.BigInt(SchemaPlanner.Version), FakeValue.Blob([0x61])],
            new FakeColumn("[applied]", FakeType.Boolean), new FakeColumn("version", FakeType.BigInt),
            new FakeColumn("value", FakeType.Blob)));
        _node.On(Note, FakeErrors.CompareAndSetUnknown(), times: 1);
        await RunAsync(SchemaStepKind.Version);
        Sent().ShouldBe(2);
    }

    [Fact]
    public async Task A_node_that_never_knows_fails_with_its_reason_and_what_might_do_harm_is_not_sent_again()
    {
        _node.On(Note, FakeErrors.WriteTimeout(writeType: "CAS"));
        await Should.ThrowAsync<CqlServerException>(RunAsync(SchemaStepKind.Version));
        Sent().ShouldBe(5);
        await Should.ThrowAsync<CqlServerException>(RunAsync(SchemaStepKind.Change));
        Sent().ShouldBe(6);
    }

    [Fact]
    public async Task A_table_is_made_though_a_node_has_not_opened_the_one_before()
    {
        const string Create = "CREATE TABLE IF NOT EXISTS ks.logs (id uuid PRIMARY KEY)";
        _node.On(Create, FakeReply.Void);
        _node.On(Create, FakeErrors.Server("java.lang.IllegalArgumentException: Unknown CF 1"), times: 1);
        await RunAsync(SchemaStepKind.Table, Create);
        Sent(Create).ShouldBe(2);
    }

    [Fact]
    public async Task A_change_that_failed_is_not_made_twice()
    {
        const string Alter = "ALTER TABLE ks.logs ADD more text";
        _node.On(Alter, FakeErrors.Server());
        await Should.ThrowAsync<CqlServerException>(RunAsync(SchemaStepKind.Change, Alter));
        Sent(Alter).ShouldBe(1);
    }

    private static FakeReply Rows(FakeValue[] row, params FakeColumn[] columns) => FakeReply.Rows(new FakeRows(columns, [row]));

    private Task RunAsync(SchemaStepKind kind, string cql = Note) =>
        new StepRunner(_session!, _ => { }).RunAsync(new SchemaStep(kind, "schema", cql, "why"), Cancel);

    private int Sent(string cql = Note) => _node.Requests.Of(MessageKind.Query).Count(request => request.Cql == cql);
}
