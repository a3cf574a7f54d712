namespace Relay.TestKit.Trust;

/// <summary>Stock OpenSSL, as an outsider has it.</summary>
public static class OpenSsl
{
    private static readonly Lazy<Task<bool>> Installed = new(async () => await CommandRun.TryAsync("openssl", ["version"]) is not null);

    public static Task<bool> IsInstalledAsync() => Installed.Value;

    /// <exception cref="InvalidOperationException">It is not installed.</exception>
    public static async Task<CommandRun> RunAsync(string folder, params IEnumerable<string> arguments) =>
        await CommandRun.TryAsync("openssl", arguments, folder) ?? throw new InvalidOperationException("openssl is not installed");

    /// <summary><c>openssl cms -verify</c> of a detached signature, with no other flag than the time.</summary>
    /// <returns>Null when it verifies, else what OpenSSL says.</returns>
    public static async Task<string?> VerifyCmsAsync(string signature, string content, string anchors, DateTimeOffset at)
    {
        CommandRun run = await RunAsync(
            "", "cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content", content, "-CAfile", anchors,
            "-attime", $"{at.ToUnixTimeSeconds()}", "-out", "/dev/null");
        return run.ExitCode == 0 ? null : run.Errors;
    }
}
