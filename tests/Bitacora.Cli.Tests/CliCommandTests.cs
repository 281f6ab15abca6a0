using System.CommandLine;
using Bitacora.Cli.Commands;
using Bitacora.Cli.Showing;
using Bitacora.Client;

namespace Bitacora.Cli.Tests;

public sealed class CliCommandTests
{
    public static TheoryData<Exception> EndsOfAConnection() =>
        [new OperationCanceledException(), new IOException("aborted"), new ServerUnreachableException("broke", new IOException("aborted"))];

    [Theory]
    [MemberData(nameof(EndsOfAConnection))]
    public async Task However_a_connection_ends_that_is_given_up_the_command_was_interrupted(Exception end)
    {
        using var stop = new CancellationTokenSource();
        var screen = new TestScreen();
        var command = new EndingCommand(screen.Screen, stop.CancelAsync, end);
        (await command.Parse([]).InvokeAsync(cancellationToken: stop.Token)).ShouldBe(ExitCode.Interrupted);
        screen.Error.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_connection_that_breaks_by_itself_is_a_failure()
    {
        var screen = new TestScreen();
        var command = new EndingCommand(screen.Screen, () => Task.CompletedTask, new IOException("aborted"));
        (await command.Parse([]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(ExitCode.Failed);
        screen.Error.ToString().ShouldContain("aborted");
    }

    private sealed class EndingCommand(Screen screen, Func<Task> before, Exception end) : CliCommand("end", "Ends.", screen)
    {
        protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
        {
            await before();
            throw end;
        }
    }
}
