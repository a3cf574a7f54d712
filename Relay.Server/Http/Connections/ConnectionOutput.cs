using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Relay.Server.Http.Connections;

/// <summary>Sends large answers in whole TLS records. The server's own way makes a record of each 4 KiB and copies it twice, which takes nearly twice
/// the processor time of an artifact (ADR 48).</summary>
internal static class ConnectionOutput
{
    /// <summary>The largest record of TLS (RFC 8446, 5.1).</summary>
    private const int RecordBytes = 16 * 1024;

    /// <summary>The step before TLS: encrypted bytes go to the socket as they are.</summary>
    public static ConnectionDelegate SendDirectly(ConnectionDelegate next) => connection =>
    {
        if (connection.Features.Get<IConnectionSocketFeature>() is { Socket: var socket })
        {
            connection.Transport = new Duplex(connection.Transport.Input, new SocketPipeWriter(socket, connection));
        }

        return next(connection);
    };

    /// <summary>The step after TLS: bytes are collected until they fill a record, or are flushed.</summary>
    public static ConnectionDelegate FillRecords(ConnectionDelegate next) => async connection =>
    {
        if (connection.Features.Get<ISslStreamFeature>() is not { SslStream: var tls })
        {
            await next(connection);
            return;
        }

        PipeWriter output = PipeWriter.Create(tls, new StreamPipeWriterOptions(minimumBufferSize: RecordBytes, leaveOpen: true));
        connection.Transport = new Duplex(connection.Transport.Input, output);
        try
        {
            await next(connection);
        }
        finally
        {
            // What is not flushed by now is of an answer that was cut off.
            await output.CompleteAsync(new ConnectionAbortedException());
        }
    };

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
