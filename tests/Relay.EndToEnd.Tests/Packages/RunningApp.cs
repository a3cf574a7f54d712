using System.Diagnostics;
using System.Net.Http.Json;
using Relay.TestKit;

namespace Relay.EndToEnd.Tests.Packages;

/// <summary>A published web app, run as a process until it gave an answer.</summary>
internal static class RunningApp
{
    /// <summary>Sends a row until the app answers with success: before it has a model, it does not.</summary>
    public static async Task<T> FirstAnswerAsync<T>(string folder, string assembly, string path, float[] row)
    {
        int port = LocalPort.FindFree();
        ProcessStartInfo start = new("dotnet", [Path.Combine(folder, assembly), "--urls", $"http://127.0.0.1:{port}"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            using HttpClient client = new() { BaseAddress = new($"http://127.0.0.1:{port}") };
            T? answer = default;
            await Eventually.TrueAsync(async () =>
            {
                Assert.False(process.HasExited, process.HasExited ? await output + await errors : "");
                (bool answered, answer) = await TrySendAsync<T>(client, path, row);
                return answered;
            }, "the app answers");
            return answer!;
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    private static async Task<(bool, T?)> TrySendAsync<T>(HttpClient client, string path, float[] row)
    {
        try
        {
            using HttpResponseMessage response = await client.PostAsJsonAsync(path, row);
            return response.IsSuccessStatusCode ? (true, await response.Content.ReadFromJsonAsync<T>()) : default;
        }
        catch (HttpRequestException)
        {
            return default;     // it does not listen yet
        }
    }
}
