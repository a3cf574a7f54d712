using Microsoft.Playwright;

namespace Relay.WebConsole.Browser.Tests.Sessions;

/// <summary>The browser of the machine: the command <c>chromium-headless-shell</c>, or the program that the environment variable RELAY_CHROMIUM
/// names. The benchmarks compile this file as well.</summary>
internal static class ChromiumProgram
{
    public const string NotInstalled = "chromium is not installed: apt-get install chromium-headless-shell";

    /// <returns>Its path; null where it is not installed.</returns>
    public static string? Find() => Environment.GetEnvironmentVariable("RELAY_CHROMIUM") is { Length: > 0 } program
        ? program
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "chromium-headless-shell")).FirstOrDefault(File.Exists);

    public static Task<IBrowser> StartAsync(IPlaywright playwright, string program) => playwright.Chromium.LaunchAsync(
        new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,

            // Chromium refuses to start its sandbox as root, which ./test is in a container. The pages are the relay's own.
            ChromiumSandbox = !Environment.IsPrivilegedProcess,

            // Neither a page nor the browser itself reaches the network.
            Args = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"],
        });
}
