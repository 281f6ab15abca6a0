using Bitacora.EndToEnd;
using Bitacora.EndToEnd.Processes;
using Xunit.MicrosoftTestingPlatform;

return args is [LogWriter.Command, .. var rest]
    ? await LogWriter.RunAsync(rest)
    : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
