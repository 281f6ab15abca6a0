using Bitacora.CassandraTests.Nodes;
using Bitacora.Cql;
using Bitacora.Testing.Cassandra;

namespace Bitacora.CassandraTests;

public sealed class SecurityTests : IClassFixture<SecureNode>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly SecureNode _node;

    public SecurityTests(SecureNode node)
    {
        Servers.Own();
        _node = node;
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task With_certificate_and_password_everything_works_as_without(int version)
    {
        await using var keyspace = await CreateAsync(options => options with { MaxProtocolVersion = version });
        var insert = await keyspace.Session.PrepareAsync(keyspace.Insert);
        var large = new string('x', 200_000);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(id => keyspace.Session.ExecuteAsync(insert, new Person(id, large)).AsTask()));
        (await keyspace.IdsAsync($"SELECT id, name FROM {keyspace.Table}", new() { PageSize = 20 })).Order()
            .ShouldBe(Enumerable.Range(0, 50));
        using var clients = await keyspace.Session.QueryAsync("SELECT username, ssl_enabled FROM system_views.clients");
        foreach (var row in clients)
        {
            row["username"].GetText().ShouldBe("cassandra");
            row["ssl_enabled"].GetBoolean().ShouldBeTrue();
        }
    }

    [Fact]
    public async Task A_wrong_password_is_an_authentication_error_that_does_not_show_it()
    {
        await using (await CreateAsync())
        {
        }

        var fault = await FailAsync(Options with { Credentials = new("cassandra", "guessed-wrongly") });
        fault.ShouldBeOfType<CqlAuthenticationException>().IsTransient.ShouldBeFalse();
        fault.ToString().ShouldNotContain("guessed-wrongly");
        (await FailAsync(Options with { Credentials = null })).ShouldBeOfType<CqlAuthenticationException>()
            .Message.ShouldContain("Credentials");
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused()
    {
        var fault = await FailAsync(Options with { Tls = Tls with { TargetHost = "elsewhere.example" } });
        fault.Message.ShouldContain("certificate");
        fault.Node.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_certificate_of_an_authority_that_is_not_trusted_is_refused()
    {
        using var strangers = new FakeCertificates();
        (await FailAsync(Options with { Tls = Tls with { Authorities = [strangers.Authority] } })).Message.ShouldContain("certificate");
    }

    [Fact]
    public async Task Without_the_clients_certificate_or_tls_the_node_refuses()
    {
        (await FailAsync(Options with { Tls = Tls with { ClientCertificates = null } })).ShouldBeOfType<CqlConnectionException>();
        (await FailAsync(Options with { Tls = null, ConnectTimeout = TimeSpan.FromSeconds(5) })).ShouldBeOfType<CqlConnectionException>();
    }

    private CqlTlsOptions Tls => new()
    {
        Authorities = [_node.Authority],
        ClientCertificates = [_node.ClientCertificate()],
        TargetHost = "localhost",
    };

    private CqlOptions Options => new()
    {
        ContactPoints = _node.ContactPoints,
        ConnectTimeout = TimeSpan.FromSeconds(20),
        Credentials = new("cassandra", "cassandra"),
        Tls = Tls,
    };

    // The user exists a few seconds after the node takes connections.
    private async Task<Keyspace> CreateAsync(Func<CqlOptions, CqlOptions>? change = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                return await Keyspace.CreateAsync(_node.ContactPoints, _ => change?.Invoke(Options) ?? Options);
            }
            catch (CqlAllNodesFailedException fault) when (fault.Causes[0] is CqlAuthenticationException)
            {
                patience.Token.ThrowIfCancellationRequested();
            }
        }
    }

    private static async Task<CqlException> FailAsync(CqlOptions options)
    {
        var fault = await Should.ThrowAsync<CqlAllNodesFailedException>(CqlSession.ConnectAsync(options));
        return fault.Causes.ShouldHaveSingleItem();
    }
}
