using SmtpServer;
using SmtpServer.Authentication;

namespace Bitacora.Alerting.Tests;

/// <summary>Knows ana, whose password is right.</summary>
internal sealed class OneUser : IUserAuthenticator
{
    public Task<bool> AuthenticateAsync(ISessionContext context, string user, string password, CancellationToken cancellationToken) =>
        Task.FromResult(user == "ana" && password == "right");
}
