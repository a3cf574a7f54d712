using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Relay.Server.Hosting;
using Relay.Server.Http.Tls;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary><c>relay serve</c>: the relay itself, until it is told to stop.</summary>
internal static class ServeCommand
{
    public const string DefaultData = ".relay";

    public static Command Create()
    {
        Option<string> data = new("--data") { Description = "The folder that holds everything.", DefaultValueFactory = _ => DefaultData };
        Option<int> port = new("--port") { Description = "The HTTPS port.", DefaultValueFactory = _ => Routes.DefaultPort };
        Option<IPAddress?> address = new("--address")
        {
            Description = "The address to listen on; default: all.",
            CustomParser = result =>
            {
                if (IPAddress.TryParse(result.Tokens[0].Value, out IPAddress? parsed))
                {
                    return parsed;
                }

                result.AddError("--address takes an IP address.");
                return null;
            },
        };
        Option<string[]> names = new("--name") { Description = "Another host name or address for the relay's own certificate." };
        Option<string?> certificate = new("--certificate") { Description = "A PEM chain to use in place of the relay's own." };
        Option<string?> certificateKey = new("--certificate-key") { Description = "The PEM key of --certificate." };
        Option<string?> datasets = new("--datasets") { Description = "The folder that training files are named in." };
        Option<string?> trustOut = new("--trust-out") { Description = "A folder to copy what nodes need to: root.json and ca.pem." };
        Option<string?> keys = new("--keys")
        {
            Description = "The folder 'online' of 'keys init', copied into the data folder at the first start.",
        };
        Option<bool> newKey = new("--new-admin-key") { Description = "Makes a new admin key and forgets the old one." };
        Option<bool> verbose = new("--verbose") { Description = "Logs more." };

        Command command = new("serve", "Starts the relay.")
        {
            data, port, address, names, certificate, certificateKey, datasets, trustOut, keys, newKey, verbose,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            RelayOptions options = new()
            {
                DataFolder = parsed.GetValue(data)!,
                KeysFolder = parsed.GetValue(keys),
                Port = parsed.GetValue(port),
                Address = parsed.GetValue(address),
                Tls = new ServerTlsOptions
                {
                    Names = parsed.GetValue(names) ?? [],
                    CertificateFile = parsed.GetValue(certificate),
                    CertificateKeyFile = parsed.GetValue(certificateKey),
                },
                DatasetsFolder = parsed.GetValue(datasets),
                NewAdminKey = parsed.GetValue(newKey),
                ShowAdminKey = key => output.WriteLine($"Admin key, shown only this once: {key}"),
                ShowNotice = output.WriteLine,
                LogLevel = parsed.GetValue(verbose) ? LogLevel.Debug : LogLevel.Information,
            };
            return ServeAsync(options, parsed.GetValue(trustOut), output, cancellationToken);
        });
        return command;
    }

    private static async Task<int> ServeAsync(
        RelayOptions options, string? trustOut, TextWriter output, CancellationToken cancellationToken)
    {
        await using WebApplication app = await RelayHost.BuildAsync(options, cancellationToken);
        await app.StartAsync(cancellationToken);
        foreach (string url in app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses)
        {
            await output.WriteLineAsync($"Listening on {url}");
        }

        string authority = app.Services.GetRequiredService<DevelopmentCa>().CertificateFile;
        string root = app.Services.GetRequiredService<DataFolder>().TrustedRoot;
        if (trustOut is not null)
        {
            Directory.CreateDirectory(trustOut);
            DurableFile.Write(Path.Combine(trustOut, Path.GetFileName(authority)), File.ReadAllBytes(authority));
            DurableFile.Write(Path.Combine(trustOut, Path.GetFileName(root)), File.ReadAllBytes(root));
        }

        await output.WriteLineAsync($"Clients trust {authority}");
        await output.WriteLineAsync($"Nodes start from {root}");
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }
}
