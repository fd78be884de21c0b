#include "tools/bench_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/human.h"

namespace weft {
namespace {

constexpr double kMilli = 1e3, kGiga = 1e-9, kMega = 1e-6;

double Share(int64_t part, int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

nlohmann::json ToJson(const TrainBench& b) {
  return {{"tok_s", b.TokensPerSecond()},
          {"step_ms", kMilli * b.Seconds()},
          {"step_ms_p10", kMilli * Quantile(b.step_seconds, 0.1)},
          {"step_ms_p90", kMilli * Quantile(b.step_seconds, 0.9)},
          {"steps", b.step_seconds.size()},
          {"tokens_per_step", b.tokens_per_step},
          {"parameters", b.parameters},
          {"flops_per_step", b.flops_per_step},
          {"bytes_per_step", b.bytes_per_step},
          {"flops_per_token", b.flops_per_step / static_cast<double>(b.tokens_per_step)},
          {"gflop_s", kGiga * b.FlopsPerSecond()},
          {"precision", Name(b.products)},
          {"roof_gflop_s", kGiga * b.roof_flops},
          {"mfu", b.ShareOfRoof()},
          {"planned_peak_bytes", b.planned.Total()},
          {"planned_library_bytes", b.planned.library},
          {"measured_peak_bytes", b.measured_bytes},
          {"arena_bytes", b.arena_bytes},
          {"arena_lower_bound_bytes", b.arena_lower_bound},
          {"compile_seconds", b.compile_seconds},
          {"init_seconds", b.init_seconds},
          {"first_loss", b.first_loss},
          {"last_loss", b.last_loss},
          {"threads", b.threads}};
}

std::string ToText(const TrainBench& b) {
  std::string text;
  const auto line = [&](std::string_view name, const std::string& value) {
    text += fmt::format("{:<16}{}\n", name, value);
  };
  line("model", fmt::format("{} parameters, {} tokens a step, {} FLOP a step",
                            HumanCount(static_cast<double>(b.parameters)), b.tokens_per_step,
                            HumanCount(b.flops_per_step)));
  line("step", fmt::format("{:.1f} ms (p10 {:.1f}, p90 {:.1f}; {} steps, {} threads)", kMilli * b.Seconds(),
                           kMilli * Quantile(b.step_seconds, 0.1), kMilli * Quantile(b.step_seconds, 0.9),
                           b.step_seconds.size(), b.threads));
  line("speed", fmt::format("{:.0f} tok/s, {:.1f} GFLOP/s", b.TokensPerSecond(), kGiga * b.FlopsPerSecond()));
  line("roof", fmt::format("{:.1f} GFLOP/s in {} product: MFU {:.1f} %", kGiga * b.roof_flops,
                           b.products == DataType::kF32 ? "an f32" : "a bf16", 100 * b.ShareOfRoof()));
  line("memory", fmt::format("planned {}, of it libraries at most {}; measured {}",
                             HumanBytes(static_cast<double>(b.planned.Total())),
                             HumanBytes(static_cast<double>(b.planned.library)),
                             HumanBytes(static_cast<double>(b.measured_bytes))));
  line("arena", fmt::format("{}, {:.4f} of its lower bound", HumanBytes(static_cast<double>(b.arena_bytes)),
                            Share(b.arena_bytes, b.arena_lower_bound)));
  line("before step 1", fmt::format("{:.2f} s to compile, {:.2f} s to draw the parameters", b.compile_seconds,
                                    b.init_seconds));
  return text;
}

nlohmann::json ToJson(const FusionsBench& b) {
  nlohmann::json variants = nlohmann::json::array();
  for (const FusionBench& v : b.variants) {
    variants.push_back({{"without", v.without},
                        {"calls", v.calls},
                        {"bytes", v.bytes},
                        {"arena_bytes", v.arena_bytes},
                        {"step_ms", kMilli * Median(v.step_seconds)},
                        {"time_ratio", b.TimeRatio(v)}});
  }
  return {{"threads", b.threads}, {"rounds", b.variants[0].step_seconds.size()}, {"variants", variants}};
}

// What each fusion saves: the difference to the step that has all.
std::string ToText(const FusionsBench& b) {
  const FusionBench& all = b.variants[0];
  std::string text = fmt::format("{:<36}{:>7}{:>11}{:>11}{:>11}{:>9}\n", "training step", "calls", "bytes",
                                 "arena", "ms", "time");
  for (const FusionBench& v : b.variants) {
    const std::string name = v.without.empty() ? "all fusions" : "without " + v.without;
    text += fmt::format("{:<36}{:>7}{:>11}{:>11}{:>11.1f}{:>8.1f} %\n", name, v.calls, HumanBytes(v.bytes),
                        HumanBytes(static_cast<double>(v.arena_bytes)), kMilli * Median(v.step_seconds),
                        100 * b.TimeRatio(v));
  }
  return text + fmt::format("{} rounds in turns, {} threads; fusions not listed do not occur in this step\n",
                            all.step_seconds.size(), b.threads);
}

nlohmann::json ToJson(const GenerateBench& b) {
  return {{"prefill_tok_s", b.PrefillTokensPerSecond()},
          {"decode_tok_s", b.DecodeTokensPerSecond()},
          {"first_token_ms", kMilli * Median(b.first_token_seconds)},
          {"decode_step_ms", kMilli * Median(b.step_seconds)},
          {"decode_step_ms_p10", kMilli * Quantile(b.step_seconds, 0.1)},
          {"decode_step_ms_p90", kMilli * Quantile(b.step_seconds, 0.9)},
          {"prompt_length", b.options.prompt_tokens},
          {"new_tokens", b.options.new_tokens},
          {"batch_size", b.options.sequences},
          {"runs", b.options.runs},
          {"parameters", b.parameters},
          {"weight_bytes_per_step", b.weight_bytes},
          {"cache_bytes_per_step", b.cache_bytes},
          {"bytes_per_token", b.BytesPerToken()},
          {"read_gb_s", kGiga * b.BytesPerSecond()},
          {"roof_read_gb_s", kGiga * b.roof_bandwidth},
          {"roof_share", b.ShareOfRoof()},
          {"compile_seconds", b.compile_seconds},
          {"threads", b.threads}};
}

std::string ToText(const GenerateBench& b) {
  const GenerateBenchOptions& o = b.options;
  std::string text =
      fmt::format("{:<16}{} parameters, {} sequence{} of {} + {} tokens, {} runs, {} threads\n", "model",
                  HumanCount(static_cast<double>(b.parameters)), o.sequences, o.sequences == 1 ? "" : "s",
                  o.prompt_tokens, o.new_tokens, o.runs, b.threads);
  text += fmt::format("{:<16}{:.0f} tok/s, {:.1f} ms to the first token\n", "prompt",
                      b.PrefillTokensPerSecond(), kMilli * Median(b.first_token_seconds));
  text += fmt::format("{:<16}{:.1f} tok/s, {:.2f} ms a step (p10 {:.2f}, p90 {:.2f})\n", "decoding",
                      b.DecodeTokensPerSecond(), kMilli * Median(b.step_seconds),
                      kMilli * Quantile(b.step_seconds, 0.1), kMilli * Quantile(b.step_seconds, 0.9));
  text += fmt::format("{:<16}{} a token ({} of weights, {} of keys and values a step): {:.1f} GB/s\n",
                      "reads", HumanBytes(b.BytesPerToken()), HumanBytes(b.weight_bytes),
                      HumanBytes(b.cache_bytes), kGiga * b.BytesPerSecond());
  text += fmt::format("{:<16}{:.1f} GB/s read from memory: {:.1f} % of it\n", "roof",
                      kGiga * b.roof_bandwidth, 100 * b.ShareOfRoof());
  text += fmt::format("{:<16}{:.2f} s to compile\n", "before token 1", b.compile_seconds);
  return text;
}

nlohmann::json ToJson(const TokenizerBench& b) {
  return {{"train_seconds", b.train_seconds},
          {"train_mb_s", b.train_mb_per_s},
          {"train_peak_bytes", b.train_peak_bytes},
          {"text_bytes", b.text_bytes},
          {"vocab_size", b.vocab_size},
          {"encoded_bytes", b.encoded_bytes},
          {"ids", b.ids},
          {"bytes_per_token", b.bytes_per_token},
          {"encode_one_thread_mb_s", b.encode_mb_per_s_one_thread},
          {"encode_mb_s", b.encode_mb_per_s},
          {"decode_mb_s", b.decode_mb_per_s},
          {"threads", b.threads}};
}

std::string ToText(const TokenizerBench& b) {
  const auto megabytes = [](int64_t bytes) { return kMega * static_cast<double>(bytes); };
  std::string text = fmt::format(
      "{:<16}{:.1f} MB of text to {} tokens in {:.2f} s, {:.1f} MB/s, at most {} resident; {} threads\n",
      "training", megabytes(b.text_bytes), b.vocab_size, b.train_seconds, b.train_mb_per_s,
      HumanBytes(static_cast<double>(b.train_peak_bytes)), b.threads);
  text +=
      fmt::format("{:<16}{:.1f} MB/s on one thread, {:.1f} MB/s on {} ({:.1f} MB, {:.2f} bytes a token)\n",
                  "encoding", b.encode_mb_per_s_one_thread, b.encode_mb_per_s, b.threads,
                  megabytes(b.encoded_bytes), b.bytes_per_token);
  text += fmt::format("{:<16}{:.0f} MB/s on one thread\n", "decoding", b.decode_mb_per_s);
  return text;
}

}  // namespace weft
