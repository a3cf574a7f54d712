using System.CommandLine;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Relay.Server.Cli.Configuration;
using Relay.Server.Fleet.Enrollment;
using Relay.Server.Hosting;
using Relay.Server.Http.Access.Tokens;
using Relay.Server.Http.Tls;
using Relay.Server.Storage;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary><c>relay serve</c>: runs the relay until a termination signal.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";
    public const string DefaultData = ".relay";
    private const string AuthorityFile = "ca.pem";

    /// <summary>The name of the token that a start makes; the next start revokes it.</summary>
    private const string StartTokenName = "serve";

    public static Command Create()
    {
        ServeOptions options = new();
        ConfiguredCommand command = new(Name, "Starts the relay.") { Completed = options.Settings, Serve = options };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => ServeAsync(
            options.Read(parsed), options.TrustOut(parsed), options.EnrollTokenOut(parsed), options.Output(parsed),
            cancellationToken));
        return command;
    }

    private static async Task<int> ServeAsync(
        RelayOptions options, string? trustOut, string? enrollTokenOut, TextWriter output, CancellationToken cancellationToken)
    {
        await using WebApplication app = await RelayHost.BuildAsync(options, cancellationToken);
        await StartAsync(app, options, cancellationToken);
        ServerTls tls = app.Services.GetRequiredService<ServerTls>();
        IssuerList issuers = app.Services.GetRequiredService<IssuerList>();
        using IDisposable reload = HangUp.Reload(() =>
        {
            tls.Reload();
            issuers.Reload();
        });
        foreach (string url in app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses)
        {
            await output.WriteLineAsync(DisplayText.Format($"Listening on {url}"));
        }

        DataFolder folder = app.Services.GetRequiredService<DataFolder>();
        string? authority = tls.AuthorityPem();
        if (trustOut is not null)
        {
            Directory.CreateDirectory(trustOut);
            if (authority is not null)
            {
                new DurableFiles().Replace(Path.Combine(trustOut, AuthorityFile), Encoding.ASCII.GetBytes(authority.TrimEnd() + "\n"));
            }

            new DurableFiles().Replace(Path.Combine(trustOut, Path.GetFileName(folder.TrustedRoot)), File.ReadAllBytes(folder.TrustedRoot));
        }

        if (enrollTokenOut is not null)
        {
            await WriteEnrollmentTokenAsync(app, enrollTokenOut);
        }

        await output.WriteLineAsync(
            options.Tls.CertificateFile is not { } given ? DisplayText.Format($"Clients trust {folder.AuthorityCertificate}")
            : authority is not null ? DisplayText.Format($"Clients trust the self-signed certificate in {given}")
            : DisplayText.Format(
                $"Clients trust the authority that issued {given}; {AuthorityFile} is not written, since the file does not contain it"));
        await output.WriteLineAsync(DisplayText.Format($"Nodes start from {folder.TrustedRoot}"));
        await app.WaitForShutdownAsync(cancellationToken);

        // A worker that failed has stopped the host. Whatever restarts services must see that.
        return app.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(worker => worker.ExecuteTask is { IsFaulted: true })
            ? throw new CommandException("A part of the relay failed and stopped it; the log has the cause.")
            : 0;
    }

    private static async Task WriteEnrollmentTokenAsync(WebApplication app, string path)
    {
        EnrollmentTokenCreated created = await app.Services.GetRequiredService<EnrollmentTokens>().CreateAsync(
            new EnrollmentTokenRequest { Name = StartTokenName }, replace: true);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        new DurableFiles().Replace(path, Encoding.ASCII.GetBytes(created.Token + "\n"), DurableFiles.OwnerFile);
    }

    private static async Task StartAsync(WebApplication app, RelayOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception e)
        {
            // Workers have started before the server: disposed without a stop, each would log its cancellation as a failure.
            await app.StopAsync(CancellationToken.None);
            if (Explain(e, options) is { } reason)
            {
                throw new RelayStartException(reason, e);
            }

            throw;
        }
    }

    private static string? Explain(Exception e, RelayOptions options) => e switch
    {
        IOException { InnerException: AddressInUseException } =>
            $"Another process listens on port {options.Port}: stop it, or choose another port by --port.",
        SocketException => $"The relay cannot listen on {options.Address?.ToString() ?? "all addresses"}, port {options.Port}: {e.Message}.",
        _ => null,
    };
}
