using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bitacora.Testing.Cassandra;

namespace Bitacora.Cql.Tests.Sessions;

public class HandshakeTests
{
    [Theory]
    [InlineData(new[] { "3/v3", "4/v4", "5/v5", "6/v6-beta" }, 5)]
    [InlineData(new[] { "3/v3", "4/v4", "5/v5-beta" }, 4)]
    [InlineData(new[] { "3/v3", "4/v4" }, 4)]
    public async Task The_highest_version_that_is_no_beta_is_spoken(string[] supported, int version)
    {
        await using var cluster = FakeCluster.Start(options: new FakeNodeOptions { SupportedVersions = supported });
        await using var session = await cluster.ConnectAsync();
        cluster.Node.Connections.ShouldAllBe(connection => connection.Version == version);
    }

    [Fact]
    public async Task A_server_that_offers_version_5_and_refuses_it_is_spoken_to_in_4()
    {
        await using var cluster = FakeCluster.Start(options: new FakeNodeOptions { Versions = [4] });
        await using var session = await cluster.ConnectAsync();
        await session.QueryAsync(FakeCluster.Select);
        cluster.Node.Requests.Of(FakeCluster.Select).Single().Version.ShouldBe(4);
    }

    [Fact]
    public async Task The_client_says_who_it_is()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync(options =>
            options with { ApplicationName = "shop", RefuseWhenOverloaded = true });
        var startup = cluster.Node.Requests.Of(MessageKind.Startup)[0].StartupOptions;
        startup["DRIVER_NAME"].ShouldBe("Bitacora.Cql");
        startup["APPLICATION_NAME"].ShouldBe("shop");
        startup["THROW_ON_OVERLOAD"].ShouldBe("1");
        startup.ShouldNotContainKey("COMPRESSION");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_password_is_asked_for_and_given(int version)
    {
        var authenticator = new FakeAuthenticator("jo", "secret") { Challenges = [[1]], SuccessToken = null };
        await using var cluster = FakeCluster.Start(options: new FakeNodeOptions { Authenticator = authenticator });
        await using var session = await cluster.ConnectAsync(
            options => options with { Credentials = new CqlCredentials("jo", "secret"), MaxProtocolVersion = version });
        await session.QueryAsync(FakeCluster.Select);
    }

    [Fact]
    public async Task A_wrong_password_and_a_missing_one_are_told_apart()
    {
        await using var cluster = FakeCluster.Start(options: new FakeNodeOptions { Authenticator = new FakeAuthenticator("jo", "secret") });
        var wrong = await FailAsync(cluster, options => options with { Credentials = new CqlCredentials("jo", "guess") });
        wrong.ShouldBeOfType<CqlAuthenticationException>().Message.ShouldContain("'jo'");
        wrong.Message.ShouldNotContain("guess");
        wrong.IsTransient.ShouldBeFalse();
        (await FailAsync(cluster)).ShouldBeOfType<CqlAuthenticationException>().Message.ShouldContain("Credentials");
    }

    [Theory]
    [InlineData(MessageKind.Options)]
    [InlineData(MessageKind.Startup)]
    [InlineData(MessageKind.Register)]
    public async Task Silence_ends_when_the_time_to_connect_is_over(MessageKind kind)
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.On(kind, FakeReply.Silence);
        var fault = await FailAsync(cluster, options => options with { ConnectTimeout = TimeSpan.FromMilliseconds(150) });
        fault.IsTransient.ShouldBeTrue();
    }

    [Theory]
    [InlineData(MessageKind.Options)]
    [InlineData(MessageKind.Startup)]
    [InlineData(MessageKind.Register)]
    public async Task A_connection_that_is_cut_on_the_way_is_an_error_that_names_the_node(MessageKind kind)
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.On(kind, FakeReply.Cut);
        var fault = await FailAsync(cluster);
        fault.ShouldBeOfType<CqlConnectionException>();
        fault.Node.ShouldBe(cluster.Node.EndPoint);
    }

    [Fact]
    public async Task What_follows_the_answer_to_startup_in_the_same_packet_is_framed()
    {
        await using var cluster = FakeCluster.Start();
        var up = FakeEvents.Status("UP", cluster.Node.EndPoint);
        cluster.Node.On(request => request.Kind == MessageKind.Register, _ => FakeReply.Ready with { FollowedBy = up });
        await using var session = await cluster.ConnectAsync();
        await session.QueryAsync(FakeCluster.Select);
    }

    [Fact]
    public async Task Nobody_there_is_an_error_with_each_cause()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.Die();
        var fault = await Should.ThrowAsync<CqlAllNodesFailedException>(() => cluster.ConnectAsync(
            options => options with { ContactPoints = [.. options.ContactPoints, "no-such-host.invalid"] }));
        fault.Causes.Count.ShouldBe(2);
        fault.Message.ShouldContain("no-such-host.invalid");
        fault.Message.ShouldContain($"{cluster.Node.EndPoint}");
    }

    [Fact]
    public async Task Tls_checks_authority_and_name()
    {
        using var authority = Certificate("CN=authority", null, null);
        using var certificate = Certificate("CN=node", authority, "node.example");
        var tls = new SslServerAuthenticationOptions { ServerCertificate = certificate };
        await using var cluster = FakeCluster.Start(options: new FakeNodeOptions { Tls = tls });
        var trusted = new CqlTlsOptions { Authorities = [X509CertificateLoader.LoadCertificate(authority.RawData)] };

        await using (var session = await cluster.ConnectAsync(o => o with { Tls = trusted with { TargetHost = "node.example" } }))
        {
            await session.QueryAsync(FakeCluster.Select);
        }

        await using (await cluster.ConnectAsync(o => o with { Tls = trusted with { CheckHostName = false } }))
        {
        }

        (await FailAsync(cluster, o => o with { Tls = trusted })).Message.ShouldContain("certificate");
        (await FailAsync(cluster, o => o with { Tls = new CqlTlsOptions { TargetHost = "node.example" } })).Message
            .ShouldContain("certificate");
        (await FailAsync(cluster, o => o with { Tls = new CqlTlsOptions { CheckHostName = false } })).Message.ShouldContain("certificate");
    }

    [Fact]
    public async Task A_datacenter_that_does_not_exist_is_named_with_those_that_do()
    {
        await using var cluster = FakeCluster.Start();
        var fault = await FailAsync(cluster, options => options with { LocalDatacenter = "nowhere" });
        fault.Message.ShouldContain("nowhere");
        fault.Message.ShouldContain("datacenter1");
    }

    [Fact]
    public void Wrong_options_are_named_all_at_once()
    {
        var options = new CqlOptions { ContactPoints = [], MaxRequestsInFlight = 0, RequestTimeout = TimeSpan.Zero };
        var fault = Should.Throw<ArgumentException>(() => CqlSession.ConnectAsync(options));
        fault.Message.ShouldContain("ContactPoints");
        fault.Message.ShouldContain("MaxRequestsInFlight");
        fault.Message.ShouldContain("RequestTimeout");
    }

    [Fact]
    public void A_timeout_is_more_than_nothing_and_at_most_a_day()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new CqlRequestOptions { Timeout = TimeSpan.Zero });
        Should.Throw<ArgumentOutOfRangeException>(() => new CqlRequestOptions { Timeout = TimeSpan.MaxValue });
        new CqlRequestOptions { Timeout = null }.Timeout.ShouldBeNull();
    }

    private static async Task<CqlException> FailAsync(FakeCluster cluster, Func<CqlOptions, CqlOptions>? change = null)
    {
        var fault = await Should.ThrowAsync<CqlAllNodesFailedException>(() => cluster.ConnectAsync(change));
        return fault.Causes[0];
    }

    private static X509Certificate2 Certificate(string name, X509Certificate2? authority, string? dnsName)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(authority is null ? 2 : 1));
        if (authority is null)
        {
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            return request.CreateSelfSigned(from, to);
        }

        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dnsName!);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(authority, from, to, [1, 2, 3, 4]);
        using var withKey = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}
