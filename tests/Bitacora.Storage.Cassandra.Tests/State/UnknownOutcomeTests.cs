using Bitacora.Cql;
using Bitacora.Testing.Cassandra;

namespace Bitacora.Storage.Cassandra.Tests.State;

/// <summary>The cluster cannot say whether a change was made: what the store finds out by looking.</summary>
public sealed class UnknownOutcomeTests : IAsyncLifetime
{
    private const string Put = "UPDATE ks.state SET version = ?, value = ? WHERE key = ? IF version = ?";
    private const string Delete = "DELETE FROM ks.state WHERE key = ? IF version = ?";
    private const string Select = "SELECT key, version, value FROM ks.state WHERE key = ?";

    private static readonly FakeColumn[] _columns =
        [new("key", FakeType.Text), new("version", FakeType.BigInt), new("value", FakeType.Blob)];

    private readonly FakeNode _node = FakeNode.Start();
    private CqlSession? _session;
    private CassandraStateStore? _store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private CassandraStateStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        _node.Tables["ks.state"] = new FakeTable("ks", "state", _columns) { PartitionKey = ["key"] };
        _session = await CqlSession.ConnectAsync(new CqlOptions { ContactPoints = [$"{_node.EndPoint}"] });
        _store = new CassandraStateStore(_session, "ks", TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _session!.DisposeAsync();
        _node.Violations.ShouldBeEmpty();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task A_put_that_was_made_is_found_and_not_sent_again()
    {
        _node.On(Put, FakeErrors.CompareAndSetUnknown());
        Holds(3, 7);
        (await Store.TryPutAsync("k", new byte[] { 7 }, 2, Cancel)).ShouldBeTrue();
        Sent(Put).ShouldBe(1);
    }

    [Fact]
    public async Task A_put_that_another_was_faster_than_is_refused()
    {
        _node.On(Put, FakeErrors.CompareAndSetUnknown());
        Holds(3, 8);
        (await Store.TryPutAsync("k", new byte[] { 7 }, 2, Cancel)).ShouldBeFalse();
        Sent(Put).ShouldBe(1);
    }

    [Fact]
    public async Task A_put_that_was_not_made_is_sent_again()
    {
        _node.On(Put, Applied(true));
        _node.On(Put, FakeErrors.CompareAndSetUnknown(), times: 1);
        Holds(2, 1);
        (await Store.TryPutAsync("k", new byte[] { 7 }, 2, Cancel)).ShouldBeTrue();
        Sent(Put).ShouldBe(2);
    }

    [Fact]
    public async Task A_put_whose_first_attempt_is_made_while_the_second_is_on_its_way_was_made()
    {
        _node.On(request => request.Kind == MessageKind.Execute && request.Cql == Put, _ =>
        {
            Holds(3, 7);
            return Applied(false);
        });
        _node.On(Put, FakeErrors.CompareAndSetUnknown(), times: 1);
        Holds(2, 1);
        (await Store.TryPutAsync("k", new byte[] { 7 }, 2, Cancel)).ShouldBeTrue();
        Sent(Put).ShouldBe(2);
    }

    [Fact]
    public async Task A_put_of_a_new_key_that_was_not_made_is_sent_again()
    {
        _node.On(Put, Applied(true));
        _node.On(Put, FakeErrors.WriteTimeout(writeType: "CAS"), times: 1);
        (await Store.TryPutAsync("k", new byte[] { 7 }, 0, Cancel)).ShouldBeTrue();
        Sent(Put).ShouldBe(2);
    }

    [Fact]
    public async Task A_put_that_others_have_changed_since_fails_with_the_clusters_reason()
    {
        _node.On(Put, FakeErrors.CompareAndSetUnknown());
        Holds(4, 7);
        var fault = await Should.ThrowAsync<CqlServerException>(Store.TryPutAsync("k", new byte[] { 7 }, 2, Cancel).AsTask());
        fault.Code.ShouldBe(CqlErrorCode.CasWriteUnknown);
        Sent(Put).ShouldBe(1);
    }

    [Fact]
    public async Task A_put_of_which_nothing_is_ever_known_fails_after_three_attempts()
    {
        _node.On(Put, FakeErrors.CompareAndSetUnknown());
        Holds(2, 1);
        await Should.ThrowAsync<CqlServerException>(Store.TryPutAsync("k", new byte[] { 7 }, 2, Cancel).AsTask());
        Sent(Put).ShouldBe(3);
    }

    [Fact]
    public async Task A_put_that_is_refused_is_not_looked_up_even_if_the_value_is_the_same()
    {
        _node.On(Put, Applied(false));
        Holds(3, 7);
        (await Store.TryPutAsync("k", new byte[] { 7 }, 2, Cancel)).ShouldBeFalse();
        Sent(Select).ShouldBe(0);
    }

    [Fact]
    public async Task A_put_that_the_cluster_does_not_understand_fails_at_once()
    {
        _node.On(Put, FakeErrors.Invalid("unconfigured table"));
        await Should.ThrowAsync<CqlServerException>(Store.TryPutAsync("k", new byte[] { 7 }, 2, Cancel).AsTask());
        (Sent(Put), Sent(Select)).ShouldBe((1, 0));
    }

    [Fact]
    public async Task A_key_that_is_gone_was_deleted_and_one_that_is_there_is_not_deleted_again()
    {
        _node.On(Delete, FakeErrors.CompareAndSetUnknown());
        (await Store.TryDeleteAsync("k", 2, Cancel)).ShouldBeTrue();
        Holds(2, 1);
        await Should.ThrowAsync<CqlServerException>(Store.TryDeleteAsync("k", 2, Cancel).AsTask());
        Sent(Delete).ShouldBe(2);
    }

    [Fact]
    public async Task Changes_and_reads_are_serial_in_the_local_datacenter_and_changes_have_no_time_of_their_own()
    {
        _node.On(Put, Applied(true));
        await Store.TryPutAsync("k", new byte[] { 7 }, 2, Cancel);
        await Store.GetAsync("k", Cancel);
        var put = Requests(Put).ShouldHaveSingleItem();
        put.Consistency.ShouldBe((ushort)Consistency.LocalQuorum);
        put.SerialConsistency.ShouldBe((ushort)Consistency.LocalSerial);
        put.Timestamp.ShouldBeNull();
        Requests(Select).ShouldHaveSingleItem().Consistency.ShouldBe((ushort)Consistency.LocalSerial);
    }

    [Fact]
    public async Task Keys_and_values_beyond_the_limits_are_refused_unsent()
    {
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Store.GetAsync(new string('k', 257), Cancel));
        await Should.ThrowAsync<ArgumentException>(async () => await Store.GetAsync("", Cancel));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Store.TryPutAsync("k", new byte[(1 << 20) + 1], 0, Cancel));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Store.TryPutAsync("k", default, -1, Cancel));
        (await Store.GetAsync(new string('k', 256), Cancel)).ShouldBeNull();
    }

    private static FakeReply Applied(bool applied) =>
        FakeReply.Rows([new FakeColumn("[applied]", FakeType.Boolean)], [FakeValue.Boolean(applied)]);

    private void Holds(long version, byte value) => _node.Tables["ks.state"] = _node.Tables["ks.state"] with
    {
        Rows = [[FakeValue.Text("k"), FakeValue.BigInt(version), FakeValue.Blob(value)]],
    };

    private int Sent(string cql) => Requests(cql).Count;

    private List<FakeRequest> Requests(string cql) => [.. _node.Requests.Of(MessageKind.Execute).Where(request => request.Cql == cql)];
}
