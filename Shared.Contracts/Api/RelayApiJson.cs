using System.Text.Json.Serialization;
using Shared.Contracts.Datasets;

namespace Shared.Contracts.Api;

/// <summary>The JSON of the relay's HTTP API: camel case; repeated members are refused, and unknown ones ignored, because a newer program may
/// have written them. In requests of people, where an unknown member is a spelling mistake, the relay refuses it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CheckIn))]
[JsonSerializable(typeof(NodeEnrollment))]
[JsonSerializable(typeof(EnrollmentTokenRequest))]
[JsonSerializable(typeof(EnrollmentTokenView))]
[JsonSerializable(typeof(Page<EnrollmentTokenView>))]
[JsonSerializable(typeof(EnrollmentTokenCreated))]
[JsonSerializable(typeof(DatasetSpec))]
[JsonSerializable(typeof(DatasetView))]
[JsonSerializable(typeof(Page<DatasetView>))]
[JsonSerializable(typeof(UploadReport))]
[JsonSerializable(typeof(TrainingRunRequest))]
[JsonSerializable(typeof(TrainingRun))]
[JsonSerializable(typeof(Page<TrainingRun>))]
[JsonSerializable(typeof(ModelView))]
[JsonSerializable(typeof(Page<ModelView>))]
[JsonSerializable(typeof(VersionDetail))]
[JsonSerializable(typeof(Page<VersionView>))]
[JsonSerializable(typeof(StableModels))]
[JsonSerializable(typeof(ReleaseRequest))]
[JsonSerializable(typeof(IReadOnlyList<SchemaChange>))]
[JsonSerializable(typeof(SchemaChangeNodes))]
[JsonSerializable(typeof(ReleaseView))]
[JsonSerializable(typeof(Page<ReleaseView>))]
[JsonSerializable(typeof(ChannelView))]
[JsonSerializable(typeof(Page<ChannelView>))]
[JsonSerializable(typeof(PendingNotice))]
[JsonSerializable(typeof(PendingView))]
[JsonSerializable(typeof(Page<PendingView>))]
[JsonSerializable(typeof(PendingSignature))]
[JsonSerializable(typeof(PendingProgress))]
[JsonSerializable(typeof(NodeView))]
[JsonSerializable(typeof(Page<NodeView>))]
[JsonSerializable(typeof(NodesRemoved))]
[JsonSerializable(typeof(Page<NodeIntervalView>))]
[JsonSerializable(typeof(NodeHistoryAnswer))]
[JsonSerializable(typeof(SignedCheckIn))]
[JsonSerializable(typeof(RelayStats))]
[JsonSerializable(typeof(FleetView))]
[JsonSerializable(typeof(RevocationRequest))]
[JsonSerializable(typeof(RevocationView))]
[JsonSerializable(typeof(Page<RevocationView>))]
[JsonSerializable(typeof(RolloutRequest))]
[JsonSerializable(typeof(RolloutRuleView))]
[JsonSerializable(typeof(RolloutView))]
[JsonSerializable(typeof(Page<RolloutView>))]
[JsonSerializable(typeof(Page<RolloutEventView>))]
[JsonSerializable(typeof(TrustView))]
[JsonSerializable(typeof(ApiKeyRequest))]
[JsonSerializable(typeof(ApiKeyRotation))]
[JsonSerializable(typeof(ApiKeyIssued))]
[JsonSerializable(typeof(Page<ApiKeyView>))]
[JsonSerializable(typeof(FilesEvent))]
[JsonSerializable(typeof(MetadataEvent))]
[JsonSerializable(typeof(PaceEvent))]
public sealed partial class RelayApiJson : JsonSerializerContext;
