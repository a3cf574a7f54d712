using System.Net.Http.Headers;
using System.Security.Cryptography;
using Relay.Server.Cli;

namespace Relay.TestKit;

/// <summary>Where the process has its files, and how a test asks it.</summary>
public sealed partial class RelayProcess
{
    /// <summary>True where the database has the files of the data folder, so that each process has a folder of its own.</summary>
    public bool IsFolderStored { get; init; }

    public string DataFolder => Beside is { IsFolderStored: false } ? Beside.DataFolder : Path.Combine(_root, "data");

    /// <summary>The key of the files that the database has.</summary>
    public string FolderKeyFile => Beside?.FolderKeyFile ?? Path.Combine(_root, "folder.key");

    /// <param name="address">Of a proxy in front of it; null: its own.</param>
    public HttpClient CreateAdminClient(Uri? address = null)
    {
        SocketsHttpHandler handler = new();
        handler.SslOptions.CertificateChainPolicy = RelayApi.Pin(Path.Combine(DataFolder, "tls", "ca.pem"));
        HttpClient client = new(handler) { BaseAddress = address ?? Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        return client;
    }

    /// <summary>Sends no key, and follows no redirect.</summary>
    internal HttpClient CreateBrowserClient(Func<HttpMessageHandler, HttpMessageHandler> wrap)
    {
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false, UseCookies = false };
        handler.SslOptions.CertificateChainPolicy = RelayApi.Pin(Path.Combine(DataFolder, "tls", "ca.pem"));
        return new HttpClient(wrap(handler)) { BaseAddress = Address };
    }

    private void WriteFolderKey()
    {
        if (IsFolderStored && !File.Exists(FolderKeyFile))
        {
            File.WriteAllText(FolderKeyFile, Convert.ToHexString(RandomNumberGenerator.GetBytes(32)) + "\n");
        }
    }

    private async Task ReadLogAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            _log.Enqueue(line);
        }
    }
}
