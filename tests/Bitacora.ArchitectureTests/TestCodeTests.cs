using System.Text.RegularExpressions;

namespace Bitacora.ArchitectureTests;

public partial class TestCodeTests
{
    [Fact]
    public void Tests_wait_for_what_happens_and_never_sleep() =>
        Repository.Tests.SelectMany(file => file.Find(Sleep())).ShouldBeEmpty();

    [Fact]
    public void No_test_is_switched_off() =>
        Repository.Tests.SelectMany(file => file.Find(SwitchedOff())).ShouldBeEmpty();

    // Written so that this file does not find itself.
    [GeneratedRegex(@"Thread\.Sle[e]p|Task\.Del[a]y\(")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\b(Fact|Theory)\(.*\bSk[i]p\s*=")]
    private static partial Regex SwitchedOff();
}
