using Grpc.Core;
using Microsoft.Extensions.Logging;
using Sync.Client;
using Sync.Node.Inference.Answers;
using Sync.Node.Inference.Grpc.Protocol;
using Sync.Node.Inference.Tensors;

namespace Sync.Node.Inference.Grpc;

/// <summary>The protocol by gRPC.</summary>
internal sealed partial class GrpcInference(InferenceService service, ILogger<GrpcInference> logger)
    : GRPCInferenceService.GRPCInferenceServiceBase
{
    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerLiveResponse { Live = true });

    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerReadyResponse { Ready = service.IsReady });

    public override Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context) => Guard(() =>
    {
        try
        {
            service.Find(request.Name, request.Version);
            return new ModelReadyResponse { Ready = true };
        }
        catch (InferenceException notReady) when (notReady.Fault is InferenceFault.NotReady)
        {
            return new ModelReadyResponse { Ready = false };
        }
    });

    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerMetadataResponse
        {
            Name = ServerDescription.Name,
            Version = ServerDescription.Version,
            Extensions = { ServerDescription.Extensions },
        });

    public override Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context) => Guard(() =>
    {
        (_, ActiveModelVersion version) = service.Find(request.Name, request.Version);
        ModelDescription found = ModelDescription.Create(version);
        return new ModelMetadataResponse
        {
            Name = found.Name,
            Versions = { found.Versions },
            Platform = found.Platform,
            Inputs = { found.Inputs.Select(Describe) },
            Outputs = { found.Outputs.Select(Describe) },
        };
    });

    public override Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context) => Guard(() =>
    {
        InferRequest read = GrpcRequestReader.Read(request, service.Limits.MaximumRows);
        using InferAnswer answer = service.Infer(request.ModelName, request.ModelVersion, read);
        return GrpcAnswerWriter.Write(answer, read.Id, isRaw: request.RawInputContents.Count > 0);
    });

    public override Task<RepositoryModelLoadResponse> RepositoryModelLoad(RepositoryModelLoadRequest request, ServerCallContext context) =>
        Guard<RepositoryModelLoadResponse>(() => throw InferenceService.NotAllowed());

    public override Task<RepositoryModelUnloadResponse> RepositoryModelUnload(RepositoryModelUnloadRequest request, ServerCallContext context) =>
        Guard<RepositoryModelUnloadResponse>(() => throw InferenceService.NotAllowed());

    private static ModelMetadataResponse.Types.TensorMetadata Describe(TensorDescription tensor) =>
        new() { Name = tensor.Name, Datatype = tensor.Datatype, Shape = { tensor.Shape } };

    private Task<T> Guard<T>(Func<T> answer)
    {
        try
        {
            return Task.FromResult(answer());
        }
        catch (InferenceException refused)
        {
            throw new RpcException(new Status(StatusOf(refused.Fault), refused.Message));
        }
        catch (Exception unexpected)
        {
            Unexpected(logger, unexpected);
            throw new RpcException(new Status(StatusCode.Internal, "this server failed: its log says more"));
        }
    }

    private static StatusCode StatusOf(InferenceFault fault) => fault switch
    {
        InferenceFault.TooLarge => StatusCode.ResourceExhausted,
        InferenceFault.NotFound => StatusCode.NotFound,
        InferenceFault.NotReady => StatusCode.Unavailable,
        InferenceFault.NotAllowed => StatusCode.PermissionDenied,
        InferenceFault.Failed => StatusCode.Internal,
        _ => StatusCode.InvalidArgument,
    };

    [LoggerMessage(1, LogLevel.Error, "A request failed.")]
    private static partial void Unexpected(ILogger logger, Exception exception);
}
