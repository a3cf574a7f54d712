using System.ComponentModel;
using System.Diagnostics;

namespace Relay.TestKit;

/// <summary>A command of the machine, run to its end.</summary>
/// <param name="Output">What it printed to standard output.</param>
/// <param name="Errors">What it printed to standard error.</param>
public sealed record CommandRun(int ExitCode, byte[] Output, string Errors)
{
    /// <summary>Null when there is no such command.</summary>
    public static async Task<CommandRun?> TryAsync(
        string command, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(command, arguments)
        {
            WorkingDirectory = folder ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            return null;
        }

        using (process)
        {
            process.StandardInput.Close();
            using MemoryStream output = new();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            await process.StandardOutput.BaseStream.CopyToAsync(output);
            await process.WaitForExitAsync();
            return new(process.ExitCode, output.ToArray(), await errors);
        }
    }
}
