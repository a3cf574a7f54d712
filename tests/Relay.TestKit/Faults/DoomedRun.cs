using System.Diagnostics;
using System.Globalization;

namespace Relay.TestKit.Faults;

/// <summary>Starts the program of <c>tests/DoomedProcess</c>, which kills itself at one of its file operations.</summary>
public static class DoomedRun
{
    private const int KilledBySignal = 128 + 9;

    /// <summary>True when the program ended before the operation at which it was to die.</summary>
    /// <exception cref="InvalidOperationException">It ended in neither way.</exception>
    /// <param name="step">The number of an operation, counted from 1, or <c>rename:</c> and the number of a rename.</param>
    public static async Task<bool> SurvivesAsync(string command, DateTimeOffset now, string step, params IEnumerable<string> arguments)
    {
        using Process process = Start(command, now, step, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode switch
        {
            0 => true,
            KilledBySignal => false,
            int code => throw new InvalidOperationException($"step {step} ended with {code}: {errors} {await output}"),
        };
    }

    public static Process Start(string command, DateTimeOffset now, string step, params IEnumerable<string> arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "DoomedProcess.dll");
        string seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        ProcessStartInfo start = new("dotnet", [program, command, seconds, step, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}
