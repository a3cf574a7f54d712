using System.Text;
using System.Text.Json;
using Relay.TestKit;

namespace Sync.Node.Tests.Grpc;

/// <summary>Debian's client of gRPC as a process, with stubs of the .proto that relay-node ships.</summary>
internal sealed class PythonClient : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly TemporaryFolder _stubs = new();

    /// <summary>Null where the packages are missing.</summary>
    public static async Task<PythonClient?> TryCreateAsync()
    {
        PythonClient client = new();
        string folder = RepositoryRoot.Combine("Sync.Node", "Inference", "Grpc");
        CommandRun? run = File.Exists(Python)
            ? await CommandRun.TryAsync(
                Python,
                [
                    "-m", "grpc_tools.protoc", "-I", folder, "--python_out=" + client._stubs.FullPath, "--grpc_python_out=" + client._stubs.FullPath,
                    "inference.proto",
                ])
            : null;
        if (run is { ExitCode: 0 })
        {
            return client;
        }

        client.Dispose();
        return null;
    }

    /// <param name="target">As gRPC names it: <c>127.0.0.1:8001</c> or <c>unix:/path</c>.</param>
    public async Task<JsonElement> RunAsync(string target, string command, params object[] arguments)
    {
        CommandRun run = (await CommandRun.TryAsync(
            Python,
            [
                RepositoryRoot.Combine("tests", "Sync.Node.Tests", "Grpc", "client.py"), _stubs.FullPath, target, command,
                JsonSerializer.Serialize(arguments),
            ]))!;
        Assert.True(run.ExitCode == 0, run.Errors);
        using JsonDocument json = JsonDocument.Parse(Encoding.UTF8.GetString(run.Output));
        return json.RootElement.Clone();
    }

    public void Dispose() => _stubs.Dispose();
}
